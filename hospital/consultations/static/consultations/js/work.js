// work.js - the record slides over the conversation where the screen is too narrow for both.
const grid = document.querySelector(".s-grid");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-record]")) return grid.classList.toggle("show-rec");
  if (!event.target.closest("#rec")) grid.classList.remove("show-rec");
  return undefined;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") grid.classList.remove("show-rec");
});

// A form that came back with an error is shown as the dialog it is.
for (const dialog of document.querySelectorAll("dialog[open]")) {
  dialog.close();
  dialog.showModal();
}
