// doctor.js - the price below follows the service that is chosen above.
document.addEventListener("change", (event) => {
  const chosen = event.target.closest("input[name=kind]");
  if (!chosen) return;
  document.querySelector("#cta-price").textContent = chosen.dataset.price;
  document.querySelector("#cta-name").textContent = chosen.dataset.name.trim();
});
