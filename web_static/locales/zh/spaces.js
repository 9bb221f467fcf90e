/** 中文：空间列表。 */
export default {
  "spaces.title": "空间",
  "spaces.lead": "使用在别人机器上运行的模型。",
  "spaces.search": "搜索空间",
  "spaces.filters": "筛选",
  "spaces.filter.online": "在线",
  "spaces.filter.text": "文本",
  "spaces.filter.image": "图片",
  "spaces.filter.audio": "音频",
  "spaces.filter.video": "视频",
  "spaces.loading": "正在载入空间…",
  "spaces.no_match": "没有与“{query}”相符的空间。",
  "spaces.none_pass": "没有符合筛选条件的空间。",
  "spaces.empty": "还没有空间",
  "spaces.empty_words": "请在项目目录下的终端里创建第一个空间。命令会打印出连接 worker 的方法；空间建好后会自动出现在这里。",
  "spaces.create": "创建空间",
  "spaces.last_requests": "继续",
};
