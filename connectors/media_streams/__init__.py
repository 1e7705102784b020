"""Media Streams of Twilio and Telnyx: the sound of a telephone call over a WebSocket; Kratt hears and speaks itself.

carrier                                          gateway
start {streamSid, callSid, customParameters} ->
media {payload}, every 20 ms                 ->  media {payload}, mark {name} behind each reply
dtmf {digit}                                 ->  (a digit, a choice, or what was typed up to #)
(a sound while a reply is played)                clear, and the rest of the reply once more if it was nothing
mark {name}                                  ->  (the reply was heard to its end)
stop                                         ->

docs/guides/channels/media-streams.md
"""

NAME = "media_streams"
PATH = "/media-streams"
