/** 简体中文：登录与退出，账户菜单。 */
export default {
  "sign_in.title": "登录 · WebSocket Spaces",
  "sign_in.account_of": "{name} 的账户",
  "sign_in.sign_in": "登录",
  "sign_in.sign_out": "退出登录",
  "sign_in.administration": "管理",

  "sign_in.signing_in": "正在登录…",
  "sign_in.moment": "马上带你回到刚才的页面。",
  "sign_in.denied": "没有登录",
  "sign_in.denied_words": "登录页没有放行，或者你中途返回了。公开的空间不登录也能使用。",
  "sign_in.failed": "登录没有成功",
  "sign_in.failed_words": "这个地址属于一次已经结束的登录，或者是在另一个标签页里开始的登录。请重新登录；如果再次出现，请告知本网关的管理员。",
  "sign_in.unreachable": "无法连接登录页。请检查网络，然后重试。",
  "sign_in.try_again": "重试",
  "sign_in.to_spaces": "前往空间列表",

  "sign_in.lost": "你已退出登录",
  "sign_in.lost_words": "{name} 的登录已经结束：可能是过期了，也可能是在别处退出了。已经提交的请求会继续处理；重新登录即可查看属于你的内容。",
  "sign_in.again": "重新登录",
  "sign_in.go_on_without": "不登录，继续使用",
};
