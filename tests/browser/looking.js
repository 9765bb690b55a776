// Put into every page before its own scripts: notes broken policies, measures what fingers touch.
window.looking = {
  csp: [],

  async axe(rules) {
    const { violations } = await axe.run(document, { runOnly: rules });
    const where = (node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`;
    return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map(where).join(" | ")}`);
  },

  small(least) {
    const all = "a, button, input:not([type=hidden]), select, textarea, summary";
    const name = (e) => e.className || e.textContent.trim().slice(0, 8) || e.tagName;
    return [...document.querySelectorAll(all)]
      .filter((e) => !e.closest(".skip, .choice, [hidden]"))
      .map((e) => [e, e.getBoundingClientRect()])
      .filter(([, r]) => r.width && r.height && Math.min(r.width, r.height) < least - 0.5)
      .map(([e, r]) => `${name(e)} ${Math.round(r.width)}x${Math.round(r.height)}`);
  },
};

document.addEventListener("securitypolicyviolation", (event) => {
  const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
  window.looking.csp.push(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
});
