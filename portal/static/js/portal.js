/* What HTML cannot do: small acts bound by data- attributes. Every page works without them. */
const toasts = document.getElementById("toasts");
const on = (type, act, options) => document.addEventListener(type, act, options);
const whenPressed = (selector, act) => on("click", (event) => {
  const pressed = event.target.closest(selector);
  if (pressed) act(pressed, event);
});

document.documentElement.classList.add("has-script", ...("share" in navigator ? ["can-share"] : []));

/* Codes: groups of four while typing, any pasting, and the one a scanned letter brings after the "#". */
const symbols = (text) => text.normalize("NFKC").split(/[#:]/).pop().toUpperCase().replace(/[^0-9A-Z]/g, "");
const grouped = (text) => (symbols(text).match(/.{1,4}/g) ?? []).join("-");
const listed = (text) => text.split(/[\n,;]/).flatMap((line) => symbols(line).match(/.{1,12}/g) ?? [""]).map(grouped).join("\n");

function formatCode(field) {
  const wanted = field.matches("textarea") ? listed(field.value) : grouped(field.value);
  if (wanted === field.value) return;
  const after = symbols(field.value.slice(field.selectionStart)).length;
  field.value = wanted;
  let caret = wanted.length;
  for (let left = after; left > 0; caret -= 1) if (/[0-9A-Z]/.test(wanted[caret - 1])) left -= 1;
  field.setSelectionRange(caret, caret);
}

function takeCodeFromLink() {
  const field = document.querySelector("[data-code]");
  if (!field || location.hash.length < 2 || document.getElementById(location.hash.slice(1))) return;
  field.value = grouped(location.hash);
  history.replaceState(history.state, "", location.pathname + location.search);
  if (field.value.length === 14 && field.form?.matches("[data-submit-from-link]")) field.form.requestSubmit();
}

on("input", (event) => { if (event.target.matches("[data-code]") && !event.isComposing) formatCode(event.target); });
window.addEventListener("hashchange", takeCodeFromLink);

/* Saying things: a toast in the status region, which stands in the dialog while one is open. */
function say(message, kind = "good") {
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.dataset.kind = kind;
  toast.querySelector("p").textContent = message;
  (document.querySelector("dialog[open]") ?? document.body).append(toasts);
  setTimeout(() => toasts.append(toast), 50);
  leaveLater(toast);
}

const leaveLater = (toast) => { if (toast.dataset.kind !== "danger") setTimeout(() => toast.remove(), 9000); };
on("toast", ({ detail }) => say(detail.message, detail.kind));
whenPressed("[data-dismiss]", (button) => button.closest(".toast").remove());
toasts.querySelectorAll(".toast").forEach(leaveLater);

/* Small acts of single buttons. */
async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  const region = button.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(source.dataset.copyText ?? source.value ?? source.textContent.trim());
    region.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(source);
    region.textContent = button.dataset.selected;
  }
  setTimeout(() => { region.textContent = ""; }, 6000);
}

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  field.type = field.type === "text" ? "password" : "text";
  button.setAttribute("aria-pressed", String(field.type === "text"));
}

whenPressed("[data-copy]", copy);
whenPressed("[data-reveal]", reveal);
whenPressed("[data-share]", ({ dataset }) => navigator.share(JSON.parse(dataset.share)).catch(() => {}));
on("change", ({ target: { form } }) => { const preview = form?.querySelector("[data-preview]"); if (preview) form.requestSubmit(preview); });
whenPressed("[data-print]", () => window.print());
whenPressed("[data-tick-all]", ({ form, dataset, checked }) => form.querySelectorAll(`[name=${dataset.tickAll}]`).forEach((box) => { box.checked = checked; }));

function closeMenus(except) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (menu.contains(except)) continue;
    if (menu.contains(document.activeElement)) menu.firstElementChild.focus();
    menu.open = false;
  }
}

on("click", (event) => closeMenus(event.target));
on("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });

/* A form is sent once: its buttons rest until the answer is here. */
function rest(form) {
  form.setAttribute("aria-busy", "true");
  form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-disabled", "true"));
}

function wake(form) {
  form.removeAttribute("aria-busy");
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

on("submit", (event) => {
  if (event.target.hasAttribute("aria-busy")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (!event.target.matches("[data-download]")) rest(event.target);
}, true);
window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(wake));

document.querySelector("[role=alert]")?.focus();
takeCodeFromLink();
