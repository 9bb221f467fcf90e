/** 中文：别人分享的结果。 */
export default {
  "result_page.shared": "分享的结果",
  "result_page.title": "{space} 的结果 · WebSocket Spaces",
  "result_page.remix": "改一改再问",
  "result_page.try_it": "我也来问一问",
  "result_page.incomplete": "这个链接不完整",
  "result_page.incomplete_words": "链接里应当有空间和请求。请向分享的人要完整的链接。",
};
