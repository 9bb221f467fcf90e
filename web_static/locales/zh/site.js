/** 中文：各页面共用的文字。 */
export default {
  "site.name": "WebSocket Spaces",
  "site.skip": "跳到正文",
  "site.api": "API 说明",
  "site.needs_script": "此页面需要 JavaScript；不用它也可以直接调用 API。",
  "site.loading": "正在加载…",
  "site.language": "语言",

  "copy.copy": "复制",
  "copy.copied": "已复制",
  "copy.failed": "未能复制",

  "delete.delete": "删除",
  "delete.sure": "为所有人删除？",
  "delete.sure_words": "再按一次即删除请求、回答和文件，指向它的链接也会失效。按 Esc 键保留。",
  "delete.deleted": "已删除。",
  "delete.failed": "未能删除",

  "time.in": "{duration}后",
  "time.now": "现在",
  "time.under": "不到 {count} 秒",
  "time.seconds": "{count} 秒",
  "time.minutes": "{count} 分钟",
  "time.minutes_seconds": "{minutes} 分 {seconds} 秒",
  "time.hours": "{count} 小时",
  "time.hours_minutes": "{hours} 小时 {minutes} 分",
  "time.days": "{count} 天",
  "size.bytes": "{count} 字节",
  "size.kilobytes": "{count} KB",
  "size.megabytes": "{count} MB",
};
