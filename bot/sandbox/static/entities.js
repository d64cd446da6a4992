// Draws a text with its entities. Offsets are UTF-16 units, as JavaScript's strings count.
import { el, icon } from "./dom.js";
import { say } from "./words.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

// context: {language, onCommand(text), onStart(payload), botName}
export function formatted(text, entities, context) {
  const fragment = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  range(fragment, text, 0, text.length, sorted, context);
  return fragment;
}

function range(parent, text, start, end, entities, context) {
  let at = start;
  let afterBlock = false;
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i];
    if (entity.offset < at) continue;
    const until = Math.min(entity.offset + entity.length, end);
    const inner = [];
    while (i + 1 < entities.length && entities[i + 1].offset < until) inner.push(entities[++i]);
    const block = BLOCKS.has(entity.type);
    run(parent, text.slice(at, entity.offset), afterBlock, block);
    const node = draw(entity, text.slice(entity.offset, until), context);
    range(node.querySelector("[data-inside]") ?? node, text, entity.offset, until, inner, context);
    parent.append(node);
    at = until;
    afterBlock = block;
  }
  run(parent, text.slice(at, end), afterBlock, false);
}

// A block stands on lines of its own, so the line breaks beside it are not drawn again.
function run(parent, piece, afterBlock, beforeBlock) {
  if (afterBlock) piece = piece.replace(/^\n/, "");
  if (beforeBlock) piece = piece.replace(/\n$/, "");
  if (piece) parent.append(piece);
}

function draw(entity, text, context) {
  switch (entity.type) {
    case "text_link": return link(entity.url, context);
    case "url": return link(text, context);
    case "bot_command": return action("command", () => context.onCommand(text));
    case "spoiler": return spoiler(context);
    case "pre": return el("pre", { dataset: { language: entity.language ?? "" } }, el("code", { dataset: { inside: "" } }));
    case "blockquote": return el("blockquote");
    case "expandable_blockquote": return quote(context);
    case "mention": case "hashtag": case "text_mention": return el("span", { className: "reference" });
    default: return el(TAGS[entity.type] ?? "span");
  }
}

function link(url, context) {
  const start = url.match(/^https?:\/\/t\.me\/([^/?]+)\?start=([\w-]+)$/);
  if (start && start[1].toLowerCase() === context.botName.toLowerCase()) {
    return action("reference", () => context.onStart(start[2]));
  }
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" });
}

function action(className, onclick) {
  return el("button", { type: "button", className: `inline ${className}`, onclick });
}

function spoiler(context) {
  const node = el("span", { className: "spoiler", role: "button", tabIndex: 0, title: say(context.language, "spoiler") });
  const show = () => {
    node.classList.add("shown");
    node.removeAttribute("role");
    node.removeAttribute("tabindex");
    node.removeAttribute("title");
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && (event.preventDefault(), show()));
  return node;
}

function quote(context) {
  const inside = el("div", { className: "inside", dataset: { inside: "" } });
  const toggle = el("button", { type: "button", className: "unfold", aria: { expanded: "false" } }, icon("down"));
  const node = el("blockquote", { className: "expandable" }, inside, toggle);
  const label = () => toggle.setAttribute("aria-label", say(context.language, node.classList.contains("open") ? "less" : "quote"));
  const flip = () => {
    toggle.setAttribute("aria-expanded", String(node.classList.toggle("open")));
    label();
  };
  toggle.addEventListener("click", (event) => (event.stopPropagation(), flip()));
  node.addEventListener("click", (event) => !event.target.closest("a, button") && getSelection().isCollapsed && flip());
  label();
  return node;
}

// A quote that fits needs no toggle. Only known once it is laid out.
export function settleQuotes(root) {
  for (const node of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const inside = node.querySelector(".inside");
    node.classList.toggle("fits", inside.scrollHeight <= inside.clientHeight + 1);
  }
}
