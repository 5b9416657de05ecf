// Runs axe in each page in its frame, one after the other, and leaves what it finds in the document, as JSON.
"use strict";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const violations = async (frame) => {
  const page = frame.contentDocument;
  page.querySelectorAll("details").forEach((each) => { each.open = true; });
  const script = page.createElement("script");
  script.textContent = document.querySelector("#axe").textContent;
  page.body.append(script);
  script.remove();
  const found = await frame.contentWindow.axe.run(page, { runOnly: RULES, resultTypes: ["violations"] });
  const { width } = frame.getBoundingClientRect();
  return {
    name: frame.title, width, rules: found.passes.length,
    violations: found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((each) => each.html).join(" ")}`),
  };
};

addEventListener("load", async () => {
  const all = [];
  for (const frame of document.querySelectorAll("iframe")) all.push(await violations(frame));
  const report = document.createElement("pre");
  report.id = "findings";
  report.textContent = JSON.stringify(all);
  document.body.replaceChildren(report);
});
