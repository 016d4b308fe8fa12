"""Hand-made rosters, as text: right ones, and ones that are wrong in one place."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

MANIFEST = """propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.academicSessions,bulk
file.classes,bulk
file.enrollments,bulk
file.orgs,bulk
file.users,bulk
"""

ORGS = """sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
district,,,Riverbend District,district,RB,
lincoln,,,Lincoln Elementary,school,LIN,district
adams,,,Adams Middle School,school,ADA,district
"""

SESSIONS = """sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear
year-27,,,2026-27,schoolYear,2026-08-24,2027-06-11,,2027
fall-27,,,Fall,term,2026-08-24,2026-12-18,year-27,2027
"""

CLASSES = """sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
room-2a,,,2A,02,,2A,homeroom,Room 4,lincoln,year-27,,,
math-6,,,Mathematics 6,06,,MA6,scheduled,,adams,"fall-27",,,
"""  # noqa: E501

USERS = """sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
mia,,,true,lincoln,student,mia,,Mia,Santos,,1001,,,,grace,02,secret-word
noah,,,true,adams,student,noah,,Noah,O'Neil,,1002,,,,,06,secret-word
ada,,,true,lincoln,teacher,ada,,Ada,Byron,,,ada@riverbend.example,,,,,
ben,,,true,adams,teacher,ben,,Ben,Ito,,,ben@riverbend.example,,,,,
grace,,,true,lincoln,guardian,,,Grace,Santos,,,grace@mail.example,,555-0100,noah,,
"""  # noqa: E501

ENROLMENTS = """sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
e1,,,room-2a,lincoln,mia,student,false,2026-08-24,2027-06-11
e2,,,math-6,adams,noah,student,false,2026-08-24,2026-12-18
t1,,,room-2a,lincoln,ada,teacher,true,,
t2,,,math-6,adams,ben,teacher,true,,
"""  # noqa: E501

PEDAGOGUES = """staffId,givenName,familyName,email,title,schoolIdentifier,principal
p1,Hana,Okafor,hana@riverbend.example,Principal,LIN,yes
p2,Otto,Lind,otto@riverbend.example,Secretary,LIN,no
p3,Pia,Ruiz,pia@riverbend.example,Principal,ADA,yes
"""

ATTENDANCE = """studentSourcedId,date,status,minutesLate,reason
mia,2026-11-16,present,,
mia,2026-11-17,late,15,Bus
mia,2026-11-18,excused,,Doctor
noah,2026-11-16,absent,,
noah,2026-11-17,P,,
"""

BUNDLE = {
    "manifest.csv": MANIFEST,
    "orgs.csv": ORGS,
    "academicSessions.csv": SESSIONS,
    "classes.csv": CLASSES,
    "users.csv": USERS,
    "enrollments.csv": ENROLMENTS,
}


def bundle(**changed: str | bytes | None) -> dict[str, str | bytes]:
    """The small district, with some files replaced (`users=…`), or left out when None."""
    files: dict[str, str | bytes | None] = dict(BUNDLE)
    names = {name.removesuffix(".csv").lower(): name for name in BUNDLE}
    files |= {names.get(name, f"{name}.csv"): text for name, text in changed.items()}
    return {name: text for name, text in files.items() if text is not None}


def as_folder(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def as_zip(path: Path, files: Mapping[str, str | bytes]) -> Path:
    path.write_bytes(zipped(files))
    return path


def without(text: str, *beginnings: str) -> str:
    """`text` without the lines that begin so."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(beginnings))


#: The roster of Lincoln alone, as its own office would send it.
LINCOLN = bundle(
    orgs=without(ORGS, "adams"),
    classes=without(CLASSES, "math"),
    users=without(USERS, "noah", "ben").replace("noah,,\n", ",,\n"),
    enrollments=without(ENROLMENTS, "e2", "t2"),
)
