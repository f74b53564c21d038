"""May this tool call run, may this turn go on? Asked before, bound to exactly these arguments, closed when in doubt."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from chatwidget.asks import Allow, Ask, Deny
from chatwidget.context import RunContext
from chatwidget.errors import BudgetExceeded, ChatWidgetError, NobodyThere
from chatwidget.events import ApprovalReceived, ApprovalRequested, AskWithdrawn, LimitReached
from chatwidget.messages import Approval, ToolCallPart
from chatwidget.partial_json import parse_complete
from chatwidget.threads import call_anyhow, text_of
from chatwidget.tools import Tool

log = logging.getLogger("chatwidget")

Decision = Allow | Deny


def fingerprint(tool_call_id: str, arguments: Any) -> str:
    """Return a digest of a call's id and its arguments: equal for equal JSON values, in whatever order of keys."""
    text = json.dumps([tool_call_id, arguments], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def decide(context: RunContext, tool: Tool[..., Any], call: ToolCallPart) -> Approval | None:
    """Decide on a call: None when nobody needs to agree, else the decision; it is told as an event.

    Raises `ToolArgumentsError` when the arguments do not fit the tool, so that nobody is asked for nothing. Whatever
    goes wrong on the way is a denial.
    """
    tool.validate(call.arguments)
    if tool.approve is False:
        return None
    arguments = parse_complete(call.arguments) or {}
    ask_id = None
    try:
        decision, by, ask_id = await _decision(context, tool, call, arguments)
    except ChatWidgetError as error:
        decision, by = Deny(str(error)), "policy"
    except Exception as error:
        log.warning("the approval of %s failed", tool.name, exc_info=True)
        reason = f"the check of {tool.name} failed: {type(error).__name__}: {text_of(error)[:200]}"
        decision, by = Deny(reason), "policy"
    approval = _recorded(context, tool, arguments, decision, by) if decision is not None else None
    if approval is not None:
        context.emit(ApprovalReceived(approval, ask_id, call.id))
    return approval


async def _decision(
    context: RunContext, tool: Tool[..., Any], call: ToolCallPart, arguments: Any
) -> tuple[Decision | None, Any, str | None]:
    """Return the decision (None: nobody needs to agree), who made it, and the id of the question that was put."""
    # Its own policy sees arguments of its own: what it does to them reaches nobody.
    wish = await call_anyhow(tool.approve, tool.validate(call.arguments)) if callable(tool.approve) else tool.approve
    if isinstance(wish, Allow | Deny):
        _checked(tool, wish)
        return wish, "policy", None
    if wish is False:  # not None, which a function returns that forgot to say
        return None, "policy", None
    if context.asks.rules.allow(tool.name, arguments):
        return Allow(), "rule", None
    digest = fingerprint(call.id, arguments)
    ask = Ask(
        context.ids(),
        "approval",
        tool_call_id=call.id,
        name=tool.name,
        arguments=arguments,
        digest=digest,
        schema=tool.spec.parameters,
    )
    decision, by_person = await context.asks.put(
        ask,
        lambda value: _checked(tool, _read(value, digest)),
        opened=lambda: context.emit(ApprovalRequested(ask)),
        withdrawn=lambda: context.emit(AskWithdrawn(ask.id, call.id)),
    )
    return decision, "person" if by_person else "policy", ask.id if by_person else None


async def keep_to_budget(context: RunContext) -> None:
    """Ask whether to go on where a budget is used up; yes gives it as much again.

    Raises `BudgetExceeded` when the answer is no, or when nobody is there to answer.
    """
    sentence = context.spending.exceeded()
    if sentence is None:
        return
    ask = Ask(context.ids(), "approval", f"{sentence} Continue?", digest=fingerprint("", sentence))
    try:
        decision, by_person = await context.asks.put(
            ask,
            lambda value: _read(value, ask.digest),
            opened=lambda: context.emit(ApprovalRequested(ask)),
            withdrawn=lambda: context.emit(AskWithdrawn(ask.id)),
        )
    except NobodyThere:
        decision, by_person = Deny("Nobody was there to agree to go on."), False
    except Exception as error:  # of the policy; closed when in doubt
        log.warning("nothing was decided about a budget", exc_info=error)
        decision, by_person = Deny(text_of(error)[:200]), False
    reason = decision.reason if isinstance(decision, Deny) else ""
    approval = Approval(isinstance(decision, Allow), "person" if by_person else "policy", reason)
    context.emit(ApprovalReceived(approval, ask.id))
    if approval.allowed:
        context.spending.extend()
        return
    context.emit(LimitReached("budget", sentence))
    raise BudgetExceeded(f"{sentence} {approval.reason or 'It was not continued.'}".strip())


def _read(value: Any, digest: str) -> Decision:
    """Read a decision: our values from Python, a dict from a page, True and False from a policy."""
    if isinstance(value, Allow | Deny):
        return value
    if isinstance(value, bool):
        return Allow() if value else Deny()
    if not isinstance(value, Mapping) or not isinstance(value.get("allow"), bool):
        raise ValueError("This is no decision: allow or deny.")
    if value.get("digest") != digest:
        raise ValueError("This decision was made for other arguments. Look again, please.")
    if not value["allow"]:
        return Deny(str(value.get("reason") or "")[:2000])
    changed, remember = value.get("arguments"), value.get("remember", "once")
    if remember not in ("once", "session", "arguments"):
        raise ValueError("What to remember is once, session or arguments.")
    if isinstance(changed, str):  # a text keeps numbers that JavaScript cannot hold
        changed = parse_complete(changed)
    if changed is not None and not isinstance(changed, Mapping):
        raise ValueError("The arguments must be a JSON object.")
    return Allow(changed, remember)


def _checked(tool: Tool[..., Any], decision: Decision) -> Decision:
    if isinstance(decision, Allow) and decision.arguments is not None:
        tool.validate(json.dumps(dict(decision.arguments)))
    return decision


def _recorded(context: RunContext, tool: Tool[..., Any], arguments: Any, decision: Decision, by: Any) -> Approval:
    if isinstance(decision, Deny):
        return Approval(False, by, decision.reason)
    changed = decision.arguments
    ran_with = arguments if changed is None else dict(changed)
    if decision.remember == "session":
        context.asks.rules.add(tool.name)
    elif decision.remember == "arguments":
        context.asks.rules.add(tool.name, lambda now: fingerprint("", now) == fingerprint("", ran_with))
    return Approval(True, by, "", None if changed is None or changed == arguments else json.dumps(ran_with))
