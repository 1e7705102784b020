"""An Alexa custom skill: Amazon's cloud posts what was said to /alexa, and speaks what is answered.

Amazon's cloud is believed once its signature is checked (`verification`). Whoever speaks in the room is nobody: the
skill is a speaker that is linked to nobody. docs/guides/channels/alexa.md
"""

NAME = "alexa"
PATH = "/alexa"
