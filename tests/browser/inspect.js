// Looks at each page in its frame as a reader meets it, and leaves what is wrong in the document, as JSON.
"use strict";

const parse = (colour) => {
  const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
  return { r, g, b, a };
};

const over = (top, below) => {
  const mix = (one, other) => one * top.a + other * (1 - top.a);
  return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
};

const luminance = ({ r, g, b }) => {
  const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};

const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

const canvas = (view) => {
  const probe = view.document.body.appendChild(view.document.createElement("i"));
  probe.style.cssText = "background-color: Canvas";
  const colour = parse(view.getComputedStyle(probe).backgroundColor);
  probe.remove();
  return colour;
};

// What lies behind an element: its own and its ancestors' backgrounds, down to the first opaque one.
const behind = (element, view, paper) => {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    const colour = parse(view.getComputedStyle(each).backgroundColor);
    layers.push(colour);
    if (colour.a === 1) break;
  }
  return layers.reduceRight((below, layer) => over(layer, below), paper);
};

const painted = (element, view) => {
  for (let each = element; each; each = each.parentElement) {
    if (view.getComputedStyle(each).backgroundImage !== "none") return true;
  }
  return false;
};

const block = (element, view) => {
  let each = element;
  while (view.getComputedStyle(each).display.startsWith("inline")) each = each.parentElement;
  return each;
};

const texts = function* (view) {
  const walker = view.document.createTreeWalker(view.document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const said = node.data.replace(/[\s\u00a0]+/g, " ").trim();
    const range = view.document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (said && box.width && box.height) yield { element: node.parentElement, said: said.slice(0, 60), box };
  }
};

const legible = (element, view, paper) => {
  const style = view.getComputedStyle(element);
  const back = behind(element, view, paper);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  return { ratio: contrast(over(parse(style.color), back), back), least: large ? 3 : 4.5 };
};

// Levels begin with one h1 and never skip one; none is empty.
const headings = (page) => {
  const all = [...page.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const levels = all.map((each) => Number(each.tagName[1]));
  const wrong = all.filter((each, at) => !each.innerText.trim() || levels[at] > (at ? levels[at - 1] : 0) + 1);
  if (levels.filter((level) => level === 1).length > 1) wrong.push(all[0]);
  return wrong.map((each) => each.outerHTML.slice(0, 90));
};

// A table is for layout and says so, or holds facts and has heads; what lies in an image is no table to a reader.
const tables = (page) => [...page.querySelectorAll("table")]
  .filter((each) => !each.parentElement.closest("[role=img]") && each.getAttribute("role") !== "img")
  .filter((each) => (each.getAttribute("role") === "presentation") === Boolean(each.querySelector(":scope > * > tr > th")))
  .map((each) => each.outerHTML.slice(0, 90));

const inspected = (frame) => {
  const view = frame.contentWindow;
  const page = view.document;
  page.querySelectorAll("details").forEach((each) => { each.open = true; });
  const found = {
    name: frame.title, dark: view.matchMedia("(prefers-color-scheme: dark)").matches, width: view.innerWidth,
    title: page.title, lang: page.documentElement.lang, words: 0, overflow: [], faint: [], pictures: [], links: [],
    headings: headings(page), small: [], tables: tables(page),
    requests: view.performance.getEntriesByType("resource").map((each) => each.name),
  };
  const root = page.documentElement;
  if (root.scrollWidth > view.innerWidth) found.overflow.push(`the page is ${root.scrollWidth} wide`);
  const paper = canvas(view);
  for (const { element, said, box } of texts(view)) {
    found.words += said.split(" ").length;
    const room = block(element, view).getBoundingClientRect();
    // Wide tables and drawings may be scrolled sideways, also by keys (WCAG 2.1, 1.4.10), and say what they are.
    const scrolled = element.closest("[role=region][tabindex='0'][aria-label]") !== null;
    if (!scrolled && (box.left < -1 || box.right > Math.min(view.innerWidth, room.right) + 1)) {
      found.overflow.push(`${said}: from ${box.left} to ${box.right} in ${room.right}`);
    }
    const { ratio, least } = legible(element, view, paper);
    if (ratio < least) found.faint.push(`${said}: ${ratio.toFixed(2)} of ${least}`);
    if (parseFloat(view.getComputedStyle(element).fontSize) < 11) found.small.push(`${said}: too small to read`);
    if (painted(element, view)) found.pictures.push(`${said}: over a background image`);
  }
  for (const each of page.querySelectorAll("img, svg, canvas, video, object")) {
    if (!each.getAttribute("alt") && !each.getAttribute("aria-label")) found.pictures.push(each.outerHTML.slice(0, 90));
  }
  // What is tapped is 24 pixels high, or stands in a line of text (WCAG 2.2, 2.5.8).
  for (const each of page.querySelectorAll("a")) {
    const said = each.innerText.trim() || each.querySelector("img")?.alt;
    if (!said || !each.getAttribute("href")) found.links.push(each.outerHTML.slice(0, 90));
    const { width, height } = each.getBoundingClientRect();
    const inline = block(each, view).innerText.trim() !== said;
    if (said && !inline && (width < 24 || height < 24)) found.small.push(`${said}: ${width} by ${height} to tap on`);
  }
  return found;
};

addEventListener("load", () => {
  const all = [...document.querySelectorAll("iframe")].map(inspected);
  const report = document.createElement("pre");
  report.id = "findings";
  report.textContent = JSON.stringify(all);
  document.body.replaceChildren(report);
});
