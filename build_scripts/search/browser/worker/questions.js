// What a question asks for: a figure, how to fill in a form, or who is in charge.

/** Words of a question that say nothing of its subject, the longer ones first. */
const EMPTY_WORDS = new RegExp(
  [
    "(?:要|该|应该|需要|都)?(?:干些?啥|干些?什么|做些?什么|干嘛|做些?啥|看些?什么|看些?啥|查些?什么|查些?啥|管些?什么|管些?啥)(?:的|事|工作)?",
    "(?:那|这)一?[栏格]|一栏|的?(?:任务|职责|分工)$|的人",
    "(?:从|到|在|是|算到)?(?:哪一?[年天月级]|哪个月|什么时候|何时|几号|几点)(?:之?前|以前|的|开始|结束|算起|起算)?",
    "(?:最多|最少|最长|不低于|低于|高于|超过|有)?(?:多少块?钱|几[个块]钱|多少天|多少次|多长时间|多少|百分之几|多久|多长|多远|多大|几个月|几[天年次户个人岁口元百千万])(?:算|才能|才|之?内)?",
    "(?:群众|村民|老百姓)?(?:有意见|有怨言)$",
    "能不能|可不可以|有没有|是不是|是否|算不算|要不要|需不需要|该不该|可以吗|行不行|会怎么样",
    "(?:找|归|属于|是)?哪一?个?(?:单位|部门|局)(?:管|负责)?",
    "指的?是?(?:什么|啥)|啥意思|[什啥]么?叫|叫[什啥]么?|[去在到]哪[里儿]?[办弄]|[在放]哪$|归?哪里?管|有啥不一样|有什么区别|什么区别|怎么办|怎么样|怎么[填写报算查看选弄办传打导交签]|怎么|怎样|如何|为什么|什么意思|是什么|是啥|什么|哪些|哪里|哪儿|哪个|哪几类|咋办|咋[填写弄办报传打导交签]|咋|啥",
    "归?谁来?(?:负责|管)|谁来|找谁|谁",
    "(?:查不查|改不改|报不报|填不填|管不管|去不去|看不看|补不补|发不发|交不交|用不用)",
    "请问|应该|[的了吗呢吧啊么呀]"
  ].join("|")
)

/** What a question asks for, and which folders of the handbook answer it, or the answers to what is asked often. */
const QUESTIONS = [
  { asks: /(?:几号|哪[天日]|什么时候|何时|截止|最晚).*[报交]|[报交].*(?:几号|哪[天日]|什么时候|何时|截止|最晚)/, folders: ["phases", "policies"] },
  { asks: /是什么|是啥|什么意思|啥意思|叫什么|叫啥|什么叫|啥叫|指什么|指啥|指的是/, folders: ["glossary"] },
  { asks: /找谁|归.*管|归哪|负责[什啥哪]|找哪|哪个?管/, folders: ["roles", "units"] },
  { asks: /[干做管]些?[什啥哪]|干嘛|[看查](?:什么|啥)|职责|任务|分工|岗位|要做[的些]/, folders: ["roles"] },
  { asks: /(?:网|信号|手机|电脑|系统|[账帐]号|密码|照片|表格).*[怎咋能不]|[怎咋]么?(?:传|拍|打印|登[录陆]|导|下载|提交|签|撤|删)|(?:传|打印|登[录陆]|导|提交|签|撤|删)不[了上成进]/, folders: ["system"] },
  { asks: /[怎咋]么?[填写选报]|填[什啥几谁哪多到]|写[什啥几谁哪]|[填写选]哪|哪[里儿]?[填写报选]|哪个表/, folders: ["forms"] },
  { asks: /谁来?(?:出|掏|付|交|给)|[去在到]哪[里儿]?办/, folders: ["policies"] }, // who pays, and where
  { asks: /谁/, folders: ["roles", "units", "answers"] },
  { asks: /[要有放]哪些/, folders: ["policies", "answers"] },
  { asks: /多少|多久|多长|多远|多大|几[天年次个户元月小]|哪[一年天]|哪个月|什么时候|何时|怎么算|算不算|算.*吗|标准|额度|利率|期限|频次|比例|占比|最多|最长|几百|几千|几万|几分|能不能|[0-9]%|[0-9]元|有没有补/, folders: ["policies", "answers"] },
  { asks: /没|未|坏了|破了/, folders: ["areas"] } // what is amiss
]

/** The folders whose pages answer what was asked; none if it was no question. */
function askedFolders(query) {
  const question = QUESTIONS.find(({ asks }) => asks.test(query))
  return question ? question.folders : []
}

/** A question without the words that say nothing of its subject: 汇总表 of 汇总表怎么填; as it was if no word is left. */
function tellingWords(words) {
  const telling = words.flatMap(word => word.split(EMPTY_WORDS)).filter(word => word.length > 1)
  return telling.length ? telling : words
}
