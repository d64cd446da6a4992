// The words of the messenger around the bot, in the language of whoever sits there.
const WORDS = {
  en: {
    message: "Message", send: "Send", attach: "Attach a file", menu: "Menu", start: "Start", bot: "bot", typing: "typing…", edited: "edited",
    what: "What can this bot do?", unblock: "Unblock the bot", block: "Block the bot", today: "Today",
    yesterday: "Yesterday", silent: "Sent without a sound", quote: "Show the whole quote", less: "Show less",
    spoiler: "Hidden, show it", copied: "Copied", seat: "{bot} · as {name}", you: "You", general: "General", add: "Add {bot} here",
    remove: "Remove {bot}", promote: "Make {bot} an admin", demote: "Take {bot}'s admin rights", moved: "This group has moved",
    opens: "opens a page", newBelow: "new below", unread: "{n} unread", nothing: "Nothing here yet",
    people: "{n} members", channel: "channel", waiting: "Waiting for the answer",
    new_chat_members: "{by} added {who}", left_chat_member: "{by} removed {who}",
    migrate_to_chat_id: "The group became a supergroup", migrate_from_chat_id: "The group became a supergroup",
  },
  zh: {
    message: "输入消息", send: "发送", attach: "发送文件", menu: "菜单", start: "开始", bot: "机器人", typing: "正在输入…", edited: "已编辑",
    what: "这个机器人能做什么？", unblock: "取消屏蔽", block: "屏蔽机器人", today: "今天",
    yesterday: "昨天", silent: "静音发送", quote: "展开引用", less: "收起",
    spoiler: "隐藏内容，点按显示", copied: "已复制", seat: "{bot} · {name} 的会话", you: "你", general: "综合", add: "添加 {bot}",
    remove: "移除 {bot}", promote: "设为管理员", demote: "取消管理员", moved: "群组已迁移",
    opens: "打开网页", newBelow: "条新消息", unread: "{n} 条未读", nothing: "还没有消息",
    people: "{n} 位成员", channel: "频道", waiting: "等待回应",
    new_chat_members: "{by} 添加了 {who}", left_chat_member: "{by} 移除了 {who}",
    migrate_to_chat_id: "群组已升级为超级群组", migrate_from_chat_id: "群组已升级为超级群组",
  },
};

export function locale(language) {
  return language.startsWith("zh") ? (/hant|tw|hk/i.test(language) ? "zh-Hant" : "zh-Hans") : language;
}

export function say(language, key, facts = {}) {
  const words = WORDS[language.startsWith("zh") ? "zh" : "en"];
  return words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

export function clock(language, seconds) {
  return new Intl.DateTimeFormat(locale(language), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    .format(seconds * 1000);
}

export function day(language, seconds) {
  const date = new Date(seconds * 1000);
  const now = new Date();
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86400000);
  if (days === 0) return say(language, "today");
  if (days === 1) return say(language, "yesterday");
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale(language), { day: "numeric", month: "long", year }).format(date);
}

export function dayKey(seconds) {
  return startOfDay(new Date(seconds * 1000)).getTime();
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}
