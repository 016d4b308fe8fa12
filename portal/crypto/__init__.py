"""Cryptography: the key ring, sealed texts and indexes, hashes of passwords, and signed links."""
