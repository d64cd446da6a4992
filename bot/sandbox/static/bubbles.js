// One message as a bubble with its keyboard.
import { avatar, el, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { clock, say } from "./words.js";

// context: {chat, language, speaker, onTap(message, button), …of entities.js}
export function bubble(message, context) {
  const item = el("li", { className: "message", dataset: { testid: "message", id: message.id, sender: message.sender.id } });
  fill(item, message, context);
  return item;
}

export function fill(item, message, context) {
  const focused = item.contains(document.activeElement) ? document.activeElement.dataset.place : undefined;
  if (message.service) {
    item.className = "service";
    item.dataset.testid = "service";
    item.replaceChildren(el("span", {}, say(context.language, message.service.kind, message.service)));
    return;
  }
  const own = message.sender.id === context.speaker && !message.sender.bot;
  item.classList.add(own ? "own" : "other");
  item.classList.toggle("from-bot", message.sender.bot);
  item.lang = context.lang;
  const faced = withFaces(context) && !own;
  const stack = el("div", { className: "stack" }, faced ? face(message) : null, body(message, own, context));
  item.replaceChildren(el("div", { className: faced ? "column faced" : "column" }, stack, keyboard(message, context)));
  if (focused) item.querySelector(`[data-place="${focused}"]`)?.focus();
}

const withFaces = (context) => context.chat.type === "group" || context.chat.type === "supergroup";

function face(message) {
  const type = message.sender.bot ? "bot" : "private";
  return el("span", { className: "face" }, avatar({ id: message.sender.id, title: message.sender.name, type }, "small"));
}

function body(message, own, context) {
  const node = el("div", { className: "bubble" });
  if (withFaces(context) && !own) {
    node.append(el("p", { className: "name", dataset: { shade: message.sender.bot ? "bot" : Math.abs(message.sender.id) % 7 } }, message.sender.name));
  }
  if (message.reply) {
    const reply = el("button", { type: "button", className: "reply", onclick: () => context.onReply(message.reply.id) },
      el("strong", {}, message.reply.name), el("span", {}, message.reply.text));
    node.append(reply);
  }
  if (message.file) {
    const size = `${Math.max(1, Math.round(message.file.size / 1024))} KB`;
    node.append(el("a", { className: "file", href: message.file.url, download: message.file.name },
      el("strong", {}, message.file.name), el("span", {}, size)));
  }
  const text = el("div", { className: "text", dataset: { testid: "bubble-text" } }, formatted(message.text, message.entities, context));
  text.append(meta(message, own, context));
  node.append(text);
  return node;
}

function meta(message, own, context) {
  const when = new Date(message.date * 1000);
  return el("span", { className: "meta" },
    message.silent ? icon("mute", say(context.language, "silent")) : null,
    message.edited ? el("span", { className: "edited" }, say(context.language, "edited")) : null,
    el("time", { dateTime: when.toISOString(), title: when.toLocaleString() }, clock(context.language, message.date)),
    own ? icon("ticks") : null);
}

function keyboard(message, context) {
  if (!message.keyboard.length) return null;
  const rows = message.keyboard.map((row, y) =>
    el("div", { className: "row" }, ...row.map((button, x) => key(message, button, `${y}.${x}`, context))));
  return el("div", { className: "keyboard", dataset: { testid: "keyboard" } }, ...rows);
}

function key(message, button, place, context) {
  const style = button.style ? ` ${button.style}` : "";
  if (button.url) {
    const start = button.url.match(/^https?:\/\/t\.me\/([^/?]+)\?start=([\w-]+)$/);
    if (!start) {
      const link = el("a", { className: `key${style}`, href: button.url, target: "_blank", rel: "noopener noreferrer" },
        el("span", {}, button.text), icon("out", say(context.language, "opens")));
      link.dataset.place = place;
      return link;
    }
    return el("button", { type: "button", className: `key${style}`, dataset: { place }, onclick: () => context.onStart(start[2]) },
      el("span", {}, button.text));
  }
  const node = el("button", { type: "button", className: `key${style}`, dataset: { place, data: button.callback_data ?? "" } },
    el("span", {}, button.text));
  node.addEventListener("click", () => context.onTap(message, button, node));
  return node;
}
