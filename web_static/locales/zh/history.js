/** 中文：以前发送的请求。 */
export default {
  "history.title": "历史记录",
  "history.empty": "从这个浏览器发送的请求会列在这里，列表只保存在本浏览器中。",
  "history.forget": "清空列表",
  "history.forgotten": "列表已清空；请求本身继续进行。",

  "history.search": "搜索你的请求",
  "history.no_match": "没有与“{query}”相符的请求。",
  "history.none": "你在这个空间的请求会列在这里，在任何设备上登录都能看到。",
  "history.asking": "正在查找你的请求…",
  "history.unreachable": "未能查到你的请求。",
  "history.more": "显示更多",
  "history.messages": { other: "{count} 条消息" },
  "history.no_prompt": "没有提示词",
  "history.delete": "{words}“{prompt}”",
  "history.state.IN_QUEUE": "等待中",
  "history.state.IN_PROGRESS": "运行中",
  "history.state.COMPLETED": "已回答",
  "history.state.FAILED": "失败",
  "history.state.CANCELLED": "已取消",
  "history.state.TIMED_OUT": "超时",
};
