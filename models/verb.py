"""The words of the table of moves: everything that can happen to a petition, and on whose behalf."""

from enum import StrEnum


class Capacity(StrEnum):
    """On whose behalf a move is made."""

    SERVICE = "service"  # the bot itself, from a villager's words or a rule
    CLOCK = "clock"
    VILLAGER = "villager"
    OWNER = "owner"
    SIGNER = "signer"  # the officer a matter was offered to
    SUPERIOR = "superior"
    DISPATCHER = "dispatcher"
    SECOND = "second"  # a second dispatcher or supervisor
    CALLER = "caller"  # visits or calls back, and is not the owner
    REVIEWER = "reviewer"  # answers for the body above whoever asks it, and had no part in the matter
    READER = "reader"  # opens the words; changes nothing


class Verb(StrEnum):
    """Everything that can happen to a petition."""

    RECEIVE = "receive"
    HEAR = "hear"
    SORT = "sort"
    QUEUE = "queue"
    ASSIGN = "assign"
    REASSIGN = "reassign"
    RULE = "rule"
    SIGN = "sign"
    OFFER = "offer"
    TAKE_OVER = "take_over"
    SEND_BACK = "send_back"
    ASK = "ask"
    ANSWER = "answer"
    LAPSE = "lapse"
    PROGRESS = "progress"
    VIEW = "view"
    ASK_REVEAL = "ask_reveal"
    GRANT_REVEAL = "grant_reveal"
    REFUSE_REVEAL = "refuse_reveal"
    REVEAL = "reveal"
    GRANT_EXPORT = "grant_export"  # who brought it may stand in a list for use outside
    EXPORT = "export"
    CONTACT = "contact"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    HALF = "half"
    DISPUTE = "dispute"
    TRY = "try"
    UNANSWERED = "unanswered"
    REOPEN = "reopen"
    RECHECK = "recheck"  # somebody without a part in it looked once more
    ASK_REVIEW = "ask_review"  # the body above is asked, once there is a written answer
    REVIEW = "review"
    REVIEW_LATE = "review_late"
    ASK_REEXAMINATION = "ask_reexamination"  # the body above that one, for the last time
    REEXAMINE = "reexamine"
    REEXAMINATION_LATE = "reexamination_late"
    REDO = "redo"  # the body above changed the answer: the matter is worked on again
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    ASK_DECLINE = "ask_decline"
    DECLINE = "decline"
    REFUSE_DECLINE = "refuse_decline"
    REDIRECT = "redirect"
    ASK_WITHDRAW = "ask_withdraw"
    KEEP = "keep"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    JOIN = "join"
    URGE = "urge"
    HIDE = "hide"
    WARN = "warn"
    BREACH = "breach"
    CLIMB = "climb"
    ALARM = "alarm"
    RESET_CLOCKS = "reset_clocks"
    EXCLUDE = "exclude"
    HAND_ON = "hand_on"  # a call was handed to 110, 119 or 120
    LEAVE = "leave"  # the villager left the account
    RETURN = "return"
    FORGET = "forget"  # something of it was erased
