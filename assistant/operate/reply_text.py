"""A reply as a terminal shows it."""

from assistant.gateway.wire import ReplyBody


def reply_text(reply: ReplyBody) -> str:
    """What was heard, the reply, its choices and its sources."""
    lines = [f"heard: {reply.transcript.text or '(nothing)'}"] if reply.transcript else []
    for part in reply.reply:
        lines.append(part.text)
        lines += [f"  [{button.title}]" for button in part.buttons]
    if reply.consent_url:
        lines.append(f"  <{reply.consent_url}>")
    if reply.sources:
        lines.append("source: " + ", ".join(reply.sources))
    return "\n".join(lines)


def turn_summary(reply: ReplyBody) -> str:
    """How the turn went, in one line."""
    intent = f"{reply.intent.name} {reply.intent.confidence:.2f}" if reply.intent else "no intent"
    durations = dict(reply.durations_ms)
    total = durations.pop("total", sum(durations.values()))
    stages = ", ".join(f"{stage} {milliseconds:.0f}" for stage, milliseconds in durations.items())
    return f"{reply.outcome.value} · {intent} · {total:.0f} ms ({stages})"
