// aloud.js - reads the instructions to whoever cannot read them well. Hidden where a device cannot.
const button = document.querySelector("[data-read-aloud]");
const speech = window.speechSynthesis;
if (button && speech) {
  button.hidden = false;
  button.addEventListener("click", () => {
    speech.cancel();
    const words = [...document.querySelectorAll("[data-aloud] b, [data-aloud] .med__use")];
    const said = new SpeechSynthesisUtterance(words.map((each) => each.textContent).join("。"));
    said.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
    speech.speak(said);
  });
}
