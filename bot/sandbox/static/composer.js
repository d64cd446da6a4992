// The typing box and the menu of commands.
import { byId, el } from "./dom.js";
import { say } from "./words.js";

const text = byId("text");
const list = byId("commands");
const menu = byId("menu");
const send = byId("send");
const attach = byId("attach");
const file = byId("file");
let options = { language: "en", commands: [], onSend: () => {}, onFile: () => {} };
let chosen = -1;

export function setUp(next) {
  options = next;
  text.placeholder = say(next.language, "message");
  text.setAttribute("aria-label", say(next.language, "message"));
  send.setAttribute("aria-label", say(next.language, "send"));
  attach.setAttribute("aria-label", say(next.language, "attach"));
  byId("menu-label").textContent = say(next.language, "menu");
  list.lang = text.lang = next.lang;
  menu.hidden = !next.commands.length;
  hide();
}

export const draft = () => text.value;

export function setDraft(value) {
  text.value = value;
  grow();
}

export const focus = () => text.focus();

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  send.disabled = !text.value.trim();
}

function submit() {
  const value = text.value.trim();
  if (!value) return;
  setDraft("");
  hide();
  options.onSend(value);
}

function show(prefix) {
  const fitting = options.commands.filter((command) => command.command.startsWith(prefix));
  list.replaceChildren(...fitting.map((command, index) => {
    const item = el("li", { role: "option", id: `command-${index}`, dataset: { command: command.command } },
      el("b", {}, `/${command.command}`), el("span", {}, command.description));
    item.addEventListener("click", () => pick(command.command));
    return item;
  }));
  choose(-1);
  list.hidden = !fitting.length;
  mark();
}

function hide() {
  list.hidden = true;
  choose(-1);
  mark();
}

function mark() {
  text.setAttribute("aria-expanded", String(!list.hidden));
  menu.setAttribute("aria-expanded", String(!list.hidden));
}

function choose(index) {
  chosen = index;
  for (const [i, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(i === index));
  text.setAttribute("aria-activedescendant", index < 0 ? "" : `command-${index}`);
  list.children[index]?.scrollIntoView({ block: "nearest" });
}

function pick(command) {
  setDraft("");
  hide();
  options.onSend(`/${command}`);
}

text.addEventListener("input", () => {
  grow();
  const typed = text.value.match(/^\/(\w*)$/);
  typed ? show(typed[1].toLowerCase()) : hide();
});

text.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const count = list.hidden ? 0 : list.children.length;
  if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    choose((chosen + (event.key === "ArrowDown" ? 1 : count - (chosen < 0 ? 0 : 1))) % count);
  } else if (count && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    setDraft(`/${list.children[Math.max(chosen, 0)].dataset.command} `);
    hide();
  } else if (event.key === "Escape" && count) {
    event.stopPropagation();
    hide();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    chosen >= 0 ? pick(list.children[chosen].dataset.command) : submit();
  }
});

// Pressing the menu or a command leaves the focus in the box, so that losing it means to be done.
for (const node of [menu, list]) node.addEventListener("mousedown", (event) => event.preventDefault());
text.addEventListener("blur", (event) => event.relatedTarget !== menu && hide());
byId("composer").addEventListener("submit", (event) => (event.preventDefault(), submit(), focus()));
attach.addEventListener("click", () => file.click());
// What is in the box goes along as the caption.
file.addEventListener("change", () => {
  const [chosenFile] = file.files;
  if (chosenFile) options.onFile(chosenFile, text.value.trim());
  file.value = "";
  setDraft("");
});
menu.addEventListener("click", () => {
  list.hidden ? show("") : hide();
  focus();
});
