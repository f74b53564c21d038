"""Apps to use, and to read as examples: each is written on the public API alone.

    from chatwidget.recipes.qa import qa
    ChatWidget(qa(open("manual.txt").read()))

Each does one thing for one input and returns the result: in a chat it begins again with every message, in another app
it is `answer = yield qa(text, "Who wrote it?")`, and `qa.as_tool()` makes a tool of it.
"""
