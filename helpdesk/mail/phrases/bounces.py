"""How mail servers say that a mail could not be delivered, in their own prose and in many languages."""

from __future__ import annotations

import re

from helpdesk.mail.phrases import compiled

# What stands before the @ of addresses from which only servers write.
DAEMONS = r"""
    mailer-?daemon | postmaster | mail-?delivery(?:-?system|-?subsystem)? | maildeliverysystem | mdaemon
    | mailsystem | microsoftexchange[0-9a-f]{5,40} | bounces? | delivery-?(?:system|status|failure) |
    mmdf | no-?reply-?bounce | mail-?daemon | maildaemon | sysadmin | mail ?admin(?:istrator)? |
    smtp-?daemon | uucp | root-?mailer | prodigymail
"""
SUBJECTS = {
    "en": r"""
        undeliver(?:able|ed)\b | deliver(?:y|ing) status notification | delivery (?:failure|failed) |
        delivery has failed | delivery
        (?:problem|error|delayed|delay|notification|report|incomplete|unsuccessful|attempt|was not) |
        (?:mail|message|e-?mail) delivery
        (?:failed|failure|error|problem|system|status|delayed|report|notification) | (?:mail|message)
        (?:failed|failure|error|undeliverable|not delivered) | fail(?:ed|ure) (?:notice|to
        deliver|delivery|mail) | returned (?:mail|e-?mail|message)\b | returning message to sender | mail
        (?:system error|could not|status report) | could(?: ?n[o']t) (?:be )?(?:deliver|send|sent) | non[-
        ]?deliver | not delivered | was not delivered | warning: (?:message|could|mail) | delayed mail |
        postmaster notify | bounced? (?:mail|message|action) | unable to deliver | mail (?:was )?rejected |
        message (?:was )?(?:rejected|returned|bounced|delayed|could not) | delivery of your (?:mail|message)
        | user unknown | unknown user | undelivered mail returned | nondeliverable | message status - |
        status report | (?:your )?(?:mail|message) (?:to .{1,80} )?could not be delivered | delay(?:ed)?: |
        mailbox (?:full|unavailable) | recipient (?:rejected|unknown) | ndn: | (?:dsn|ndr)\b
    """,
    "hu": r"""
        k[ée]zbes[íi]thetetlen | k[ée]zbes[íi]t[ée]s(?:i)? (?:hiba|sikertelen|[áa]llapot|jelent) | nem
        k[ée]zbes[íi] | sikertelen k[ée]zbes[íi]t[ée]s | a lev[ée]l nem | k[ée]zbes[íi]t[ée]si
    """,
    "pl": r"""
        niedostarczaln | nie (?:można|mogła|została|udało się) (?:być )?dostarcz | niedostarczon | zwrot
        (?:wiadomości|poczty) | błąd dostarcz | niepowodzenie dostarcz | nie doręczono | stan dostarczenia |
        raport o niedoręczeniu
    """,
    "ru": r"""
        не ?доставлен | не ?удалось достав | невозможно достав | ошибка доставки | сбой доставки | недоставк
        | недоставлен | уведомление о (?:недоставке|состоянии доставки|статусе доставки) | сообщение не
        доставлено | письмо не доставлено
    """,
    "uk": r"""
        не вдалося достав | недоставлен | не доставлено | помилка доставки | сповіщення про стан доставки
    """,
    "hr": r"""
        neisporuč | nije isporuč | isporuka nije | neuspj?ešn\w{1,3} (?:isporuk|dostav) | ne može se isporuč
    """,
    "sl": r"nedostavljiv | ni bil\w? dostavljen | dostava ni uspela",
    "cs": r"nedoručiteln | nedoručen | nelze doručit | doručení se nezdařilo | nebyl\w? doručen",
    "sk": r"nedoručiteľn | nedoručen | nebol\w? doručen | nepodarilo sa doručiť",
    "de": r"""
        unzustellbar | nicht zugestellt | nicht zustellbar | zustellung (?:fehlgeschlagen|verzögert|nicht) |
        unzustellbare | zustellungs?(?:fehler|status|bericht|problem) | zustell(?:fehler|ung fehl) |
        rückläufer | konnte nicht zugestellt | fehlgeschlagen | benachrichtigung (?:zum|über den?)
        (?:über)?(?:zustell|mittlungs)status | fehler bei der zustellung
    """,
    "fr": r"""
        non remis | échec de (?:la )?(?:remise|livraison|distribution) | non distribu | non délivr | avis de
        non-?remise | message non | n['’]a pas pu être | notification d['’]état de (?:la
        )?(?:remise|distribution) | échec d['’]envoi
    """,
    "es": r"""
        no se (?:puede|pudo|ha podido) entregar | no entreg | error de entrega | fallo (?:en|de) (?:la
        )?entrega | devuelto | notificación del estado de (?:la )?entrega | no se entregó | mensaje no
    """,
    "it": r"""
        mancat[ao] (?:recapito|consegna) | impossibile (?:recapitare|consegnare) | non recapit | errore di
        consegna | notifica (?:di )?stato | non consegnat
    """,
    "pt": r"""
        não (?:foi )?(?:entregue|pôde ser entregue) | não entregue | falha (?:na|de) entrega | falha no
        envio | notificação de status de entrega | erro de entrega
    """,
    "nl": r"""
        onbestelbaar | kan niet (?:worden )?(?:bezorgd|afgeleverd) | niet bezorgd | niet afgeleverd |
        aflevering mislukt | bezorging
    """,
    "sv": r"""
        ej levererat | kunde inte levereras | olevererat | går inte att leverera | leveransfel |
        leveransstatus
    """,
    "da": r"kunne ikke leveres | ikke leveret | ikke afleveret | leveringsstatus | levering",
    "no": r"kunne ikke leveres | ikke levert | leveringsstatus | kan ikke leveres",
    "fi": r"ei voitu toimittaa | toimittaminen epäonnistui | toimitusvirhe | viestiä ei",
    "ro": r"nelivrabil | nu a putut fi livrat | livrare eșuată | nu a fost livrat",
    "tr": r"teslim edilem | gönderilemedi | iletilemedi | teslim durumu",
    "ja": r"配信不能 | 配信できません | 未配達 | 配送エラー | エラーメール | 送信できません",
    "zh": r"退信 | 无法投递 | 無法傳遞 | 投递失败 | 系统退信 | 未送达 | 無法投遞 | 传递失败 | 未傳遞",
}
# What begins the mail that is returned below the server's prose.
RETURNED = r"""
    original message | (?:below )?this line is a copy of the message | this is a copy of the message |
    below is a copy | message header | included is a copy | returned message | undelivered message | a
    message header follows | original message headers | the header of the original | unsent message |
    message text follows | the message | below this line | message contents | received: | return-path: |
    the original message | your message (?:follows|reads) | transcript of (?:the )?message | copy of
    (?:the|your) message | ursprüngliche nachricht | eredeti üzenet | headers of the
"""
TEMPORARY = r"""
    delayed | will (?:be )?re-?try | will (?:keep|continue) (?:re-?)?try | has not (?:yet )?been
    delivered | still being tried | do not need to resend | temporar(?:y|ily) | zurückgestellt |
    verzögert | warning only | will be retried | deferred | is still in the queue | nem sikerült még |
    késik | opóźnion | задерж | retard[ée]
"""
PERMANENT = r"""
    permanent | fatal error | does(?: not|n't) exist | unknown user | user unknown | no such
    (?:user|recipient|address|mailbox) | not found | giving up | given up | given up on | rejected |
    disabled | invalid | unknown recipient | unrouteable | unrouteable address | undeliverable | i'm not
    going to try again | could not be delivered
"""
DAEMON = compiled(DAEMONS, after=r"\b")
SUBJECT = compiled(SUBJECTS)
RETURNED_BELOW = re.compile(f"^[-=>*_ \\t]{{0,60}}{compiled(RETURNED).pattern}", re.IGNORECASE | re.MULTILINE)
IS_TEMPORARY = compiled(TEMPORARY)
IS_PERMANENT = compiled(PERMANENT)
