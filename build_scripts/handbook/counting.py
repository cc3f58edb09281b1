"""How each figure of the summary table is counted, in plain words: the counting itself is the summary's query."""

HOW_COUNTED = {
    "found": "本单位登记的、没有撤销的问题，一行算一个；已整改数加正在整改数，正好等于它。"
    "谁登记算谁的，所以各单位相加不会重复。",
    "rectified": "其中已报告整改完成或已经销号的问题。",
    "rectifying": "其中还没有报告整改完成的问题，等于共排查问题数减已整改数；逾期没有改完的也在内。",
    "proposed_households": "本单位提出的、没有撤销的拟识别监测对象户数，按主要风险归入一个问题类型，一户只算一次。",
    "proposed_people": "这些户的人数之和。",
}
"""Id of a summary column to how it is counted."""
