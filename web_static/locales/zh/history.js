/** 中文：以前发送的请求。 */
export default {
  "history.title": "你在这里的请求",
  "history.empty": "从这个浏览器发送的请求会列在这里，列表只保存在本浏览器中。",
  "history.forget": "清空列表",
  "history.forgotten": "列表已清空；请求本身继续进行。",
};
