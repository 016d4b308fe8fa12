/* Parts of a page that htmx swaps, and the dialog that some of them are shown in: on the pages of staff. */
const dialog = document.getElementById("dialog");

/* The token on every request; refusals and refused tasks to the dialog; where the eye goes after a swap. */
on("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.request.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
});
on("htmx:after:request", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  const stays = status === 422 && (!dialog.contains(ctx.sourceElement) || dialog.contains(targetOf(ctx)));
  const isStale = status === 400 && dialog.contains(ctx.sourceElement);  // what was typed stays, to be copied
  if (status >= 400 && status < 500 && !stays) Object.assign(ctx, { target: dialog, swap: isStale ? "none" : "innerHTML" });
  if (isStale) say(new DOMParser().parseFromString(ctx.text, "text/html").querySelector("p").textContent, "danger");
  if (status >= 500) say(toasts.dataset.failed, "danger");
});
on("htmx:finally:request", ({ target }) => { const form = target.closest?.("form[aria-busy]"); if (form) wake(form); });
on("htmx:error", () => say(toasts.dataset.failed, "danger"));
on("htmx:after:settle", ({ detail: { task, newContent } }) => {
  showOrClose(task);
  const parts = newContent.filter((part) => part.nodeType === Node.ELEMENT_NODE);
  if (!dialog.contains(task.target) && !document.activeElement.matches("input")) parts.forEach((part) => part.classList.add("swapped"));
  const found = (selector) => parts.map((part) => (part.matches(selector) ? part : part.querySelector(selector))).find(Boolean);
  (found("[role=alert]") ?? found("[data-focus]"))?.focus();
});

const targetOf = ({ target }) => (typeof target === "string" ? document.querySelector(target) : target);
function showOrClose({ type, sourceElement, target }) {
  const isFilled = [...dialog.children].some((child) => child !== toasts);
  const isDone = type === "main" && dialog.contains(sourceElement) && !dialog.contains(target);
  if (!isFilled || isDone) return dialog.close();
  if (!dialog.contains(target)) return;
  if (!dialog.open) { dialog.showModal(); dialog.opener = sourceElement; }
  dialog.scrollTop = 0;
}

const menuOf = (link) => document.querySelector(`[popovertarget="${link?.closest("[popover]")?.id}"]`);
dialog.addEventListener("close", () => {
  document.body.append(toasts);
  dialog.replaceChildren();
  if (document.activeElement === document.body) (menuOf(dialog.opener) ?? document.getElementById("main")).focus({ preventScroll: true });
});
whenPressed("dialog [data-close]", (_, event) => { event.preventDefault(); dialog.close(); });
