"""What a text message says in place of a longer letter: number, kind and result, one question."""

from models.wording import Wording

BY_LETTER = {
    **dict.fromkeys(
        (
            Wording.LETTER_ASSIGN_VILLAGER,
            Wording.LETTER_REASSIGN_VILLAGER,
            Wording.LETTER_RULE_VILLAGER,
            Wording.LETTER_TAKE_OVER_VILLAGER,
        ),
        Wording.SMS_TAKEN,
    ),
    Wording.LETTER_PROPOSE_VILLAGER: Wording.SMS_PROPOSE,
    Wording.LETTER_ASK_VILLAGER: Wording.SMS_ASKED,
    Wording.LETTER_EXTEND_VILLAGER: Wording.SMS_EXTENDED,
    Wording.LETTER_DECLINE_VILLAGER: Wording.SMS_DECLINED,
    Wording.LETTER_WITHDRAW_VILLAGER: Wording.SMS_WITHDRAWN,
    Wording.LETTER_MERGE_VILLAGER: Wording.SMS_MERGED,
    Wording.DOOR_CODE: Wording.DOOR_CODE,
    Wording.HAZARD_ASK_AGAIN: Wording.SMS_SAFE,
}


def by_sms(wording: Wording) -> Wording:
    """The short form of a letter about a matter; that there is news, where it has none."""
    return BY_LETTER.get(wording, Wording.SMS_NEWS)
