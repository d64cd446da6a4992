// The messenger: what the server tells becomes chats and bubbles, what a person does goes back to it.
import { bubble, fill } from "./bubbles.js";
import * as composer from "./composer.js";
import { avatar, byId, el, icon } from "./dom.js";
import { settleQuotes } from "./entities.js";
import { clock, day, dayKey, locale, say } from "./words.js";

const TYPING_SECONDS = 6;
const ANSWER_SECONDS = 15;
const TOAST_SECONDS = 4;
const NEAR_BOTTOM = 80; // pixels

const chats = new Map();
const speakers = new Map();
const threads = new Map();
const drafts = new Map();
const seen = new Map(JSON.parse(sessionStorage.getItem("seen") ?? "[]"));
const typing = new Map();
let bot = { id: 0, name: "", username: "" };
let current = null;
let missed = 0;
let atBottom = true;

const log = byId("log");
const scroller = byId("scroller");

// Talking to the server

async function post(what, body) {
  const answer = await fetch(`/sandbox/${what}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) toast((await answer.json()).error);
}

const stream = new EventSource("/sandbox/events");
stream.onopen = () => (byId("offline").hidden = true);
stream.onerror = () => (byId("offline").hidden = false);
stream.onmessage = (event) => {
  const change = JSON.parse(event.data);
  handlers[change.kind](change);
};

const handlers = {
  world(change) {
    bot = change.bot;
    chats.clear();
    for (const chat of change.chats) chats.set(chat.id, { ...chat, messages: [] });
    for (const message of change.messages) chats.get(message.chat).messages.push(message);
    drawList();
    const wanted = current?.id ?? Number(location.hash.slice(1));
    current = null;
    if (chats.has(wanted)) open(wanted);
    else if (matchMedia("(min-width: 721px)").matches) open(chats.keys().next().value);
  },
  chat({ chat }) {
    const known = chats.get(chat.id);
    chats.set(chat.id, Object.assign(known ?? { messages: [] }, chat));
    drawList();
    if (current?.id === chat.id) drawFrame();
  },
  message({ message }) {
    const chat = chats.get(message.chat);
    if (chat.messages.some((known) => known.id === message.id)) return handlers.edit({ message });
    chat.messages.push(message);
    if (message.sender.bot) typing.delete(chat.id);
    if (chat === current) arrive(message);
    drawList();
  },
  edit({ message }) {
    const chat = chats.get(message.chat);
    const index = chat.messages.findIndex((known) => known.id === message.id);
    if (index < 0) return;
    const rewritten = chat.messages[index].text !== message.text;
    chat.messages[index] = message;
    drawList();
    const item = chat === current && log.querySelector(`[data-id="${message.id}"]`);
    if (!item) return;
    const bottom = nearBottom();
    fill(item, message, context());
    settleQuotes(item);
    if (rewritten) item.querySelector(".bubble")?.animate([{ filter: "brightness(1.12)" }, { filter: "none" }], 700);
    if (bottom) toBottom();
  },
  delete({ chat: id, id: message }) {
    const chat = chats.get(id);
    chat.messages = chat.messages.filter((known) => known.id !== message);
    if (chat === current) drawLog();
    drawList();
  },
  action({ chat: id, action }) {
    if (action !== "typing") return;
    clearTimeout(typing.get(id));
    typing.set(id, setTimeout(() => (typing.delete(id), drawStatus(), drawList()), TYPING_SECONDS * 1000));
    drawStatus();
    drawList();
  },
  answer(change) {
    for (const key of log.querySelectorAll(`[data-id="${change.message}"] .waiting`)) key.classList.remove("waiting");
    if (change.chat !== current?.id) return;
    const start = change.url.match(/[?&]start=([\w-]+)/);
    if (start) write(`/start ${start[1]}`);
    if (change.text) change.alert ? alertBox(change.text) : toast(change.text);
  },
};

// Who looks, and where

const speaker = (chat) => chat.people.find((person) => person.id === speakers.get(chat.id)) ?? chat.people[0];
const thread = (chat) => threads.get(chat.id) ?? 0;
const shown = (chat) => chat.messages.filter((message) => message.thread === thread(chat));
const tell = (key, facts) => say(current.language, key, facts);

function context() {
  return {
    chat: current, language: current.language, lang: locale(current.language), speaker: speaker(current)?.id,
    botName: bot.username, onCommand: write, onStart: (payload) => write(`/start ${payload}`), onTap: tap,
    onReply: (id) => log.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
  };
}

function write(text) {
  post("say", { chat: current.id, text, user: speaker(current)?.id, thread: thread(current) });
  toBottom();
}

async function sendFile(file, caption) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  post("file", { chat: current.id, name: file.name, content: btoa(binary), caption, user: speaker(current)?.id });
  toBottom();
}

function tap(message, button, node) {
  if (button.copy_text) {
    navigator.clipboard?.writeText(button.copy_text.text);
    return toast(tell("copied"));
  }
  node.classList.add("waiting");
  node.setAttribute("aria-description", tell("waiting"));
  setTimeout(() => node.classList.remove("waiting"), ANSWER_SECONDS * 1000);
  post("tap", { chat: current.id, message: message.id, data: button.callback_data, user: speaker(current)?.id });
}

function open(id, thread = threads.get(id)) {
  if (current) drafts.set(current.id, composer.draft());
  current = chats.get(id);
  threads.set(id, thread ?? 0);
  missed = 0;
  byId("conversation").hidden = false;
  byId("nobody").hidden = true;
  byId("app").dataset.view = "chat";
  history.replaceState(null, "", `#${id}`);
  markSeen();
  drawFrame();
  composer.setDraft(drafts.get(id) ?? "");
  drawLog();
  drawList();
}

// The list

function unread(chat) {
  return chat.messages.filter((message) => message.sender.bot && message.id > (seen.get(chat.id) ?? 0)).length;
}

function markSeen() {
  if (!current || document.hidden) return;
  seen.set(current.id, Math.max(0, ...current.messages.map((message) => message.id)));
  sessionStorage.setItem("seen", JSON.stringify([...seen]));
}

function drawList() {
  markSeen();
  const focused = document.activeElement?.dataset.chat;
  byId("chats").replaceChildren(...[...chats.values()].filter((chat) => !chat.moved).map(listItem));
  if (focused) byId("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
  const total = [...chats.values()].reduce((sum, chat) => sum + unread(chat), 0);
  document.title = (total ? `(${total}) ` : "") + `${bot.name} · sandbox`;
}

function listItem(chat) {
  const last = chat.messages.at(-1);
  const count = unread(chat);
  const here = chat === current;
  const button = el("button", {
    className: "chat", dataset: { chat: chat.id, testid: "chat" }, onclick: () => open(chat.id),
    aria: here ? { current: "true" } : {},
  },
    avatar(chat),
    el("span", { className: "title" }, el("span", {}, chat.title), el("small", {}, chat.note), chat.blocked ? icon("mute") : null),
    last ? el("time", {}, clock(chat.language, last.date)) : el("time"),
    el("span", { className: "last", lang: locale(chat.language) }, preview(chat, last)),
    count ? el("span", { className: last.silent ? "badge quiet" : "badge", aria: { label: say("en", "unread", { n: count }) } }, String(count)) : null);
  return el("li", {}, button);
}

function preview(chat, last) {
  if (typing.has(chat.id)) return el("em", {}, say(chat.language, "typing"));
  if (!last) return el("i", {}, say(chat.language, "nothing"));
  if (last.service) return say(chat.language, last.service.kind, last.service);
  const mine = chat.type === "private" && !last.sender.bot;
  const who = mine ? say(chat.language, "you") : chat.type === "private" ? "" : last.sender.name;
  return who ? el("span", {}, el("b", {}, `${who}: `), last.text) : last.text;
}

// The frame around a conversation

function drawFrame() {
  const person = speaker(current);
  const direct = current.type === "private";
  byId("conversation").lang = locale(current.language);
  byId("peer-avatar").replaceChildren(avatar(direct ? { id: 0, type: "bot", title: bot.name } : current));
  byId("peer-name").textContent = direct ? bot.name : current.title;
  drawStatus();
  drawTopics();
  drawSpeakers();
  drawWide();
  drawMore();
  const draft = composer.draft();
  composer.setUp({ language: person?.language ?? "en", lang: locale(person?.language ?? "en"), commands: person?.commands ?? [], onSend: write, onFile: sendFile });
  composer.setDraft(draft);
  drawIntro();
}

function drawStatus() {
  if (!current) return;
  const status = byId("peer-status");
  status.classList.toggle("typing", typing.has(current.id));
  if (typing.has(current.id)) status.textContent = tell("typing");
  else if (current.type === "private") status.textContent = tell("seat", { bot: tell("bot"), name: current.title });
  else if (current.type === "channel") status.textContent = tell("channel");
  else status.textContent = tell("people", { n: current.people.length + (inside(current) ? 1 : 0) });
}

const inside = (chat) => chat.bot === "member" || chat.bot === "administrator";

function drawTopics() {
  const topics = Object.entries({ 0: tell("general"), ...current.topics });
  byId("topics").hidden = topics.length === 1;
  byId("topics").replaceChildren(...topics.map(([id, name]) => el("button", {
    role: "tab", aria: { selected: String(thread(current) === Number(id)) }, onclick: () => open(current.id, Number(id)),
  }, name)));
}

function drawSpeakers() {
  const select = byId("speaker");
  select.hidden = current.type === "private";
  select.replaceChildren(...current.people.map((person) => el("option", { value: person.id }, person.name)));
  select.value = speaker(current)?.id;
}

// Where there is one thing to do first, it takes the place of the composer.
function drawWide() {
  const wide = byId("wide");
  const act = (label, onclick) => Object.assign(wide, { textContent: label, onclick, hidden: false });
  wide.hidden = true;
  if (current.blocked) act(tell("unblock"), () => post("block", { chat: current.id, blocked: false }));
  else if (!current.started) act(tell("start"), () => (write("/start"), composer.focus()));
  else if (!inside(current)) act(tell("add", { bot: bot.name }), () => membership(current.type === "channel" ? "administrator" : "member"));
  byId("composer").hidden = current.blocked || !current.started;
}

const membership = (status) => post("membership", { chat: current.id, status });

function drawMore() {
  const choices = [];
  if (current.type === "private" && current.started && !current.blocked) {
    choices.push([tell("block"), () => post("block", { chat: current.id, blocked: true })]);
  } else if (current.type !== "private" && inside(current)) {
    const admin = current.bot === "administrator";
    if (current.type !== "channel") choices.push([tell(admin ? "demote" : "promote", { bot: bot.name }), () => membership(admin ? "member" : "administrator")]);
    choices.push([tell("remove", { bot: bot.name }), () => membership("kicked")]);
  }
  byId("more").hidden = !choices.length;
  byId("more-menu").replaceChildren(...choices.map(([label, act]) => el("button", {
    role: "menuitem", onclick: () => (showMore(false), act()),
  }, label)));
}

function showMore(yes) {
  byId("more-menu").hidden = !yes;
  byId("more").setAttribute("aria-expanded", String(yes));
  if (yes) byId("more-menu").firstChild?.focus();
}

function drawIntro() {
  const empty = !shown(current).length;
  const text = current.description;
  byId("intro").hidden = !empty || current.type !== "private";
  byId("intro").replaceChildren(
    avatar({ id: 0, type: "bot", title: bot.name }, "large"),
    el("h3", {}, bot.name),
    ...(text ? [el("h4", {}, tell("what")), el("p", {}, text)] : []));
}

// The conversation

function drawLog() {
  drawIntro();
  log.replaceChildren();
  let previous = null;
  for (const message of shown(current)) {
    append(message, previous);
    previous = message;
  }
  settleQuotes(log);
  toBottom(false);
}

function append(message, previous) {
  if (!previous || dayKey(previous.date) !== dayKey(message.date)) {
    log.append(el("li", { className: "service day" }, el("span", {}, day(current.language, message.date))));
  }
  const item = bubble(message, context());
  const before = log.lastElementChild;
  const together = previous && before?.dataset.sender === String(message.sender.id) && message.date - previous.date < 300;
  if (together && !message.service) {
    before.classList.add("joined");
    item.classList.add("joins");
  }
  log.append(item);
  return item;
}

function arrive(message) {
  if (message.thread !== thread(current)) return;
  const bottom = nearBottom() || !message.sender.bot;
  const messages = shown(current);
  const item = append(message, messages.at(-2) ?? null);
  item.classList.add("fresh");
  settleQuotes(item);
  drawIntro();
  drawStatus();
  if (bottom) reveal(item);
  else missed += 1;
  drawJump();
}

// What is longer than the window is read from its beginning.
function reveal(item) {
  if (item.offsetHeight < scroller.clientHeight) return toBottom();
  requestAnimationFrame(() => scroller.scrollTo({ top: item.offsetTop - 10, behavior: motion(true) }));
}

const nearBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM;

const motion = (smooth) => (smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant");

function toBottom(smooth = true) {
  atBottom = true;
  requestAnimationFrame(() => scroller.scrollTo({ top: scroller.scrollHeight, behavior: motion(smooth) }));
}

function drawJump() {
  if (nearBottom()) missed = 0;
  byId("jump").hidden = nearBottom();
  byId("jump-count").hidden = !missed;
  byId("jump-count").textContent = String(missed);
}

function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (node.hidden = true), TOAST_SECONDS * 1000);
}

function alertBox(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}

// What surrounds it all

byId("back").onclick = () => {
  byId("app").dataset.view = "list";
  byId("chats").querySelector(`[data-chat="${current?.id}"]`)?.focus();
};
byId("jump").onclick = () => toBottom();
byId("more").onclick = () => showMore(byId("more-menu").hidden);
byId("speaker").onchange = (event) => {
  speakers.set(current.id, Number(event.target.value));
  drawFrame();
  drawLog();
};
byId("theme").onclick = () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
};
scroller.addEventListener("scroll", () => ((atBottom = nearBottom()), drawJump()), { passive: true });
// A window that shrinks, or a keyboard that slides in, leaves the newest message in sight.
new ResizeObserver(() => atBottom && toBottom(false)).observe(scroller);
document.addEventListener("visibilitychange", () => chats.size && drawList());
document.addEventListener("click", (event) => event.target.closest(".more") || showMore(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!byId("more-menu").hidden) (showMore(false), byId("more").focus());
});
