/** 中文：用代码发起同样的调用。 */
export default {
  "code.title": "用代码调用",
  "code.words": "与本页面相同的调用，内容取自表单。",
  "code.copy_named": "复制 {name}",
};
