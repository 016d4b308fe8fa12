/* Ticks of a list: they outlive sorting, searching and leafing, and the bar below says how many there are.
   portal.js comes first and lends `on`, `whenPressed` and `say`. */
let kept = null;

const listOfTicks = () => document.querySelector("form[data-ticks]");
const boxesOf = (list) => [...list.querySelectorAll("[name=ids][type=checkbox]")];
const elsewhereOf = (list) => [...list.querySelectorAll("[name=ids][type=hidden]")];

function read(list) {
  const ticked = boxesOf(list).filter((box) => box.checked).concat(elsewhereOf(list));
  return { ...list.dataset, all: list.elements.all.checked, ids: ticked.map((each) => each.value) };
}

/* Those ticked before, on the rows that are here now; the others unseen in the form. "All" means what is looked for now, so it stays only while that is the same. */
function putBack(list) {
  const isSame = kept.search === list.dataset.search;
  if (kept.ticks === list.dataset.ticks) {
    if (kept.all) list.elements.all.checked = isSame;
    if (kept.all && !isSame) say(list.dataset.dropped, "warning");
    else place(list, kept.ids);
  }
  if (list.elements.all.checked) boxesOf(list).forEach((box) => { box.checked = true; });
  tell(list);
}

function place(list, ids) {
  const boxes = new Map(boxesOf(list).map((box) => [box.value, box]));
  elsewhereOf(list).forEach((field) => field.remove());
  for (const id of ids) {
    if (boxes.has(id)) boxes.get(id).checked = true;
    else list.append(Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value: id }));
  }
}

function tell(list) {
  const here = boxesOf(list).filter((box) => box.checked).length;
  const away = elsewhereOf(list).length;
  const line = list.querySelector("[data-ticked]");
  const words = away ? (here ? line.dataset.both : line.dataset.away) : line.dataset.here;
  line.textContent = words.replace("{ticked}", here + away).replace("{away}", away);
  list.toggleAttribute("data-some", here + away > 0 || list.elements.all.checked);
}

function untick(list) {
  elsewhereOf(list).forEach((field) => field.remove());
  [list.elements.all, ...boxesOf(list)].forEach((box) => { box.checked = false; });
}

on("change", ({ target }) => {
  const list = target.closest("form[data-ticks]");
  if (!list || target.type !== "checkbox") return;
  if (target.name !== "all") list.elements.all.checked &&= target.checked;
  else if (target.checked) boxesOf(list).forEach((box) => { box.checked = true; });
  else untick(list);
  tell(list);
});
whenPressed("[data-untick]", (button) => {
  const list = listOfTicks();
  untick(list);
  list.querySelectorAll("[data-tick-all]").forEach((box) => { box.checked = false; });
  tell(list);
  if (button.matches("button")) list.elements.all.focus();
});
on("htmx:before:swap", () => { const list = listOfTicks(); if (list) kept = read(list); });
on("htmx:after:swap", () => { const list = listOfTicks(); if (list && kept) putBack(list); });
window.addEventListener("pageshow", () => { const list = listOfTicks(); if (list) tell(list); });
