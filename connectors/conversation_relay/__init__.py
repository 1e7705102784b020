"""ConversationRelay of Twilio and Telnyx: a telephone call as text over a WebSocket; the carrier hears and speaks.

carrier                                          gateway
setup {sessionId, customParameters}         ->
prompt {voicePrompt, lang, last}            ->   language {ttsLanguage, transcriptionLanguage} when it changes,
dtmf {digit}, up to #                       ->   text {token, last} for each part of the reply
interrupt {utteranceUntilInterrupt}         ->   (what was not heard is known, and said if nothing else is asked then)
error {description}                         ->

docs/guides/channels/conversation-relay.md
"""

NAME = "conversation_relay"
PATH = "/conversation-relay"
