// Elements without markup strings: what a bot sends can never become HTML here.
export function el(name, properties = {}, ...children) {
  const { dataset, aria, ...rest } = properties;
  const node = Object.assign(document.createElement(name), rest);
  Object.assign(node.dataset, dataset);
  for (const [key, value] of Object.entries(aria ?? {})) node.setAttribute(`aria-${key}`, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(name, label = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  svg.classList.add("icon", `icon-${name}`);
  svg.setAttribute(label ? "aria-label" : "aria-hidden", label || "true");
  if (label) svg.setAttribute("role", "img");
  return svg;
}

export const byId = (id) => document.getElementById(id);

const SHADES = 7;

export function avatar(chat, size = "") {
  const mark = { bot: "logo", group: "group", supergroup: "group", channel: "channel" }[chat.type];
  const node = el("span", { className: `avatar ${size}`, ariaHidden: "true" });
  node.dataset.shade = chat.type === "bot" ? "bot" : String(Math.abs(chat.id) % SHADES);
  node.append(chat.type === "bot" ? icon(mark) : initials(chat.title));
  return node;
}

export function initials(name) {
  const parts = name.trim().split(/\s+/);
  if (/\p{Script=Han}/u.test(name)) return [...name].slice(-2).join("");
  return parts.slice(0, 2).map((part) => [...part][0]).join("").toUpperCase();
}
