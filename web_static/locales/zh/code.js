/** 中文：用代码发起同样的调用。 */
export default {
  "code.title": "用代码调用",
  "code.words": "与本页面相同的调用，内容取自表单或对话。",
  "code.reference": "全部调用、字段与错误",
  "code.key": "API 密钥",
  "code.key_words": "它只写进下面的代码，本页面既不保存也不发送它。",
  "code.copy_named": "复制 {name}",
  "code.options": "选项",
  "code.required": "必填",
  "code.default": "默认 {value}",
  "code.length": "长度 {length}",
};
