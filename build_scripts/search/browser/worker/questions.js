// What a question asks for: a figure, how to fill in a form, or who is in charge.

/** Words of a question that say nothing of its subject, the longer ones first. */
const EMPTY_WORDS = new RegExp(
  [
    "(?:要|该|应该|需要|都)?(?:干啥|干什么|做什么|干嘛|做啥)(?:的|事|工作)?",
    "(?:从|到|在|是|算到)?(?:哪一?[年天月级]|哪个月|什么时候|何时|几号|几点)(?:之?前|以前|的|开始|结束|算起|起算)?",
    "(?:最多|最少|最长|不低于|低于|高于|超过|有)?(?:多少钱|多少天|多少次|多长时间|多少|百分之几|多久|多长|多远|多大|几个月|几[天年次户个人岁口元百千万])(?:算|才能|才|之?内)?",
    "能不能|可不可以|有没有|是不是|是否|算不算|要不要|需不需要|该不该|可以吗|行不行|会怎么样",
    "(?:找|归|属于|是)?哪一?个?(?:单位|部门|局)(?:管|负责)?",
    "有啥不一样|有什么区别|什么区别|怎么办|怎么样|怎么[填写报算查看选弄办]|怎么|怎样|如何|为什么|什么意思|是什么|是啥|什么|哪些|哪里|哪儿|哪个|哪几类|咋办|咋[填写弄办报]|咋|啥",
    "归谁管|谁来|找谁|谁",
    "请问|应该|[的了吗呢吧啊么呀]"
  ].join("|")
)

/** What a question asks for, and which folders of the handbook answer it. */
const QUESTIONS = [
  { asks: /(?:几号|哪[天日]|什么时候|何时|截止|最晚).*[报交]|[报交].*(?:几号|哪[天日]|什么时候|何时|截止|最晚)/, folders: ["phases", "policies"] },
  { asks: /是什么|是啥|什么意思|叫什么|什么叫|啥叫/, folders: ["glossary"] },
  { asks: /干啥|干什么|[做干管][什哪]|干嘛|做啥|职责|岗位|要做[的些什哪]|找谁|归.*管|负责[什哪]|找哪/, folders: ["roles", "units"] },
  { asks: /[怎咋]么?[填写选报]|填[什几谁哪多到]|写[什几谁哪]|[填写选]哪|哪[里儿]?[填写报选]|哪个表/, folders: ["forms"] },
  { asks: /谁来?(?:出|掏|付|交|给)/, folders: ["policies"] }, // who pays
  { asks: /谁/, folders: ["roles", "units"] },
  { asks: /多少|多久|多长|多远|多大|几[天年次个户元月小]|哪[一年天]|哪个月|什么时候|何时|怎么算|算不算|算.*吗|标准|比例|占比|最多|最长|几百|几千|几万|几分|能不能|[0-9]%|[0-9]元|有没有补/, folders: ["policies"] }
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
