"""What the latest question of each dialogue asks for, until it is answered."""

from assistant.core.turns import Expected
from assistant.pipeline.recent import Recent

Expectations = Recent[Expected]
"""An answer to a dialogue that is forgotten is listened to like any other words.

In memory alone: answers may be names that a register listed.
"""
