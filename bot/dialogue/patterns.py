"""The names of the patterns: one flow for each way in which people leave a flow.

What each does by default stands in patterns.yml; a flow of the same name in a shop's flows/
replaces it, as in CALM.
"""

CANCEL = "pattern_cancel_flow"
CANNOT_HANDLE = "pattern_cannot_handle"
CHITCHAT = "pattern_chitchat"
CLARIFICATION = "pattern_clarification"
COMPLETED = "pattern_completed"
CONTINUE_INTERRUPTED = "pattern_continue_interrupted"
CORRECTION = "pattern_correction"
HUMAN_HANDOFF = "pattern_human_handoff"
INTERNAL_ERROR = "pattern_internal_error"
REPEAT = "pattern_repeat_bot_messages"
RESTART = "pattern_restart"
SEARCH = "pattern_search"
SKIP = "pattern_skip_question"
USER_SILENCE = "pattern_user_silence"

# Beyond CALM's: what is otherwise left to a language model.
BURST = "pattern_burst"
SEVERAL_SLOTS = "pattern_several_slots"
TYPO = "pattern_typo"

ALL = frozenset(
    {
        BURST, CANCEL, CANNOT_HANDLE, CHITCHAT, CLARIFICATION, COMPLETED, CONTINUE_INTERRUPTED,
        CORRECTION, HUMAN_HANDOFF, INTERNAL_ERROR, REPEAT, RESTART, SEARCH, SEVERAL_SLOTS, SKIP,
        TYPO, USER_SILENCE,
    }
)
PREFIX = "pattern_"
