"""Warnings that mail servers of companies write above mail from outside, in the languages of our customers."""

from __future__ import annotations

from helpdesk.mail.phrases import alternatives, compiled

BANNERS = {
    "en": r"""
        (?:this|the) (?:e-?mail|message|sender)(?: below)? (?:originated|was sent|came|comes|is|has been sent)
        (?:from )?(?:an? )?(?:outside|external)\b
        | (?:do not|don't|never) click (?:on )?(?:any )?links?\b
        | external (?:e-?mail|sender|message)(?=\s?(?:[:!.*\]]|$))
        | you don't often get e-?mail from \S+\. learn why this is important | \[external\] | external(?=\W*$)
        | some people who received this message don't often get e-?mail from
        | be (?:careful|cautious|vigilant) with (?:this|links)
    """,
    "hu": r"""
        (?:ez a |ez az )?(?:külső|kívülről érkezett) (?:e-?mail|levél|üzenet|feladó)\b
        | ez az? (?:e-?mail|levél|üzenet) (?:a )?(?:cégen|szervezeten|vállalaton) kívülről
        | (?:ne kattintson|figyelem!? ?külső)
    """,
    "pl": r"""
        (?:ta |niniejsza )?wiadomość (?:pochodzi|została wysłana) (?:spoza|z zewnątrz)
        | wiadomość zewnętrzna(?=\s?(?:[:!.*\]]|$)) | nadawca zewnętrzny(?=\s?(?:[:!.*\]]|$)) | nie klikaj w linki
    """,
    "ru": r"""
        (?:это |данное )?(?:внешнее письмо|письмо (?:отправлено|получено) (?:извне|от внешнего))
        | внешний отправитель
    """,
    "uk": r"(?:це )?зовнішн\w{1,3} (?:лист|відправник|повідомлення)",
    "hr": r"""
        (?:ova |ovaj )?(?:poruka|e-?mail|mail) (?:je (?:poslana?|stigl[ao]) izvan|dolazi izvan)
        | vanjski pošiljatelj
    """,
    "de": r"""
        (?:diese |die )?(?:e-?mail|nachricht) (?:kommt|stammt|wurde) (?:von )?(?:außerhalb|extern|einem externen)
        | externe (?:e-?mail|nachricht)(?=\s?(?:[:!.*\]]|$)) | externer absender | klicken sie nicht auf links
        | sie erhalten nicht (?:oft|häufig) e-?mails? von
    """,
    "fr": r"""
        (?:ce (?:message|courriel|mail)|cet e-?mail) (?:provient|a été envoyé)
        (?:de l['’]extérieur|d['’]un expéditeur externe|depuis l['’]extérieur)
        | (?:message|courriel|expéditeur) externe(?=\s?(?:[:!.*\]]|$))
        | vous n['’]obtenez pas souvent d['’]e-?mails? (?:à partir )?de
    """,
    "es": r"""
        (?:este )?(?:correo|mensaje) (?:electrónico )?(?:proviene|procede|se originó|ha sido enviado)
        (?:de )?(?:fuera|desde fuera|un remitente externo)
        | (?:correo|remitente) externo(?=\s?(?:[:!.*\]]|$))
    """,
    "it": r"""
        (?:questa |questo )?(?:e-?mail|messaggio) (?:proviene|è stat[ao] inviat[ao])
        (?:da(?:ll['’])?)?\s?(?:esterno|un mittente esterno|fuori)
        | mittente esterno
    """,
    "pt": r"""
        (?:este |esta )?(?:e-?mail|mensagem) (?:veio|foi enviad[ao]|teve origem|é)
        (?:de )?(?:fora|extern[ao]|um remetente externo)
        | remetente externo
    """,
    "nl": r"""
        (?:deze |dit )?(?:e-?mail|bericht) (?:komt|is afkomstig|is verzonden) van (?:buiten|een externe)
        | externe (?:e-?mail|afzender)(?=\s?(?:[:!.*\]]|$))
    """,
    "cs": r"""
        (?:tento |tato )?(?:e-?mail|zpráva) (?:pochází|byl\w? odeslán\w?) (?:z|od) (?:vnější|extern|mimo)
        | externí (?:e-?mail|odesílatel)(?=\s?(?:[:!.*\]]|$))
    """,
    "sv": r"""
        (?:detta )?(?:e-?postmeddelande|mejl|meddelande) (?:kommer|skickades) (?:från )?(?:utanför|en extern)
        | extern avsändare
    """,
}
# Words of alarm before it.
ALARMS = r"""
    caution | warning | attention | notice | important | alert | external | figyelem | uwaga | внимание | achtung
    | увага | vorsicht | warnung | atención | attenzione | atenção | let op | varning | pozor | upozorenje
"""
BANNER = compiled(
    BANNERS, before=rf"[\W_]{{0,10}}(?:(?:{alternatives(ALARMS)})\b[\W_]{{0,8}}){{0,2}}", after=r"(?:\b|\W|$)"
)
