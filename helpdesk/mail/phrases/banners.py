"""Warnings that mail servers of companies write above mail from outside, in the languages of our customers."""

from __future__ import annotations

from helpdesk.mail.phrases import alternatives, compiled

BANNERS = {
    "en": r"""
        (?:this|the) (?:e-?mail|message|sender)(?: below)? (?:originated|was sent|came|comes|is|has been sent)
        (?:from )?(?:an? )?(?:outside|external)\b
        | external (?:e-?mail|sender|message)(?=\s?(?:[:!.*\]]|$))
        | you don't often get e-?mail from \S+\. learn why this is important
        | some people who received this message don't often get e-?mail from
        | be (?:careful|cautious|vigilant) with (?:this|links)
    """,
    "hu": r"""
        (?:ez a |ez az )?(?:külső|kívülről érkezett) (?:e-?mail|levél|üzenet|feladó)\b
        | ez az? (?:e-?mail|levél|üzenet) (?:a )?(?:cégen|szervezeten|vállalaton) kívülről
        | figyelem!? ?külső | külső feladó(?=\s?(?:[:!.*\]]|$))
        | nem gyakran kap e-?mailt a következőtől
    """,
    "pl": r"""
        (?:ta |niniejsza )?wiadomość (?:pochodzi|została wysłana) (?:spoza|z zewnątrz)
        | wiadomość zewnętrzna(?=\s?(?:[:!.*\]]|$)) | nadawca zewnętrzny(?=\s?(?:[:!.*\]]|$))
        | nieczęsto otrzymujesz wiadomości
    """,
    "ru": r"""
        (?:это |данное )?(?:внешнее письмо|письмо (?:отправлено|получено) (?:извне|от внешнего))
        | внешн(?:ий отправитель|яя почта) | вы нечасто получаете (?:письма|сообщения|почту)
    """,
    "uk": r"""
        (?:це )?зовнішн\w{1,3} (?:лист|відправник|повідомлення)
        | цей лист (?:надійшов|надіслано) (?:від зовнішнього|ззовні) | ви не ?часто отримуєте (?:листи|повідомлення)
    """,
    "hr": r"""
        (?:ova |ovaj )?(?:poruka|e-?mail|mail|e-?pošta) (?:je (?:poslana?|stigl[ao]) izvan|dolazi izvan)
        | vanjski pošiljatelj
    """,
    "de": r"""
        (?:diese |die )?(?:e-?mail|nachricht) (?:kommt|stammt|wurde) (?:von )?(?:außerhalb|extern|einem externen)
        | externe (?:e-?mail|nachricht)(?=\s?(?:[:!.*\]]|$)) | externer absender
        | sie erhalten nicht (?:oft|häufig) (?:eine )?e-?mails? von
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
        | (?:correo|remitente) externo(?=\s?(?:[:!.*\]]|$)) | no suele recibir correos? (?:electrónicos? )?de
    """,
    "it": r"""
        (?:questa |questo )?(?:e-?mail|messaggio) (?:proviene|è stat[ao] inviat[ao])
        (?:da(?:ll['’])?)?\s?(?:esterno|un mittente esterno|fuori)
        | mittente esterno | non si ricevono spesso messaggi
    """,
    "pt": r"""
        (?:este |esta )?(?:e-?mail|mensagem) (?:veio|foi enviad[ao]|teve origem|é)
        (?:de )?(?:fora|extern[ao]|um remetente externo)
        | remetente externo | não costuma receber e-?mails? de | você não costuma receber
    """,
    "nl": r"""
        (?:deze |dit )?(?:e-?mail|bericht) (?:komt|is afkomstig|is verzonden) van (?:buiten|een externe)
        | externe (?:e-?mail|afzender)(?=\s?(?:[:!.*\]]|$)) | (?:je|u) ontvangt niet vaak e-?mail van
    """,
    "cs": r"""
        (?:tento |tato )?(?:e-?mail|zpráva) (?:pochází|byl\w? odeslán\w?) (?:(?:z|od) (?:vnější|extern)\w{0,3}|mimo)
        | externí (?:e-?mail|odesílatel)(?=\s?(?:[:!.*\]]|$))
    """,
    "sv": r"""
        (?:detta )?(?:e-?postmeddelande|mejl|meddelande) (?:kommer|skickades) (?:från )?(?:utanför|en extern)
        | extern avsändare | du får inte ofta e-post från
    """,
    "sk": r"(?:tento |táto )?(?:e-?mail|správa) pochádza (?:mimo|z externého) | externý odosielateľ",
    "sl": r"(?:to )?(?:sporočilo|e-?pošta) prihaja (?:iz zunanj\w{1,3}|izven|od zunaj) | zunanji pošiljatelj",
    "da": r"""
        denne (?:e-?mail|mail|besked) kommer (?:fra en ekstern|udefra) | ekstern afsender
        | du får ikke ofte mails? fra
    """,
    "no": r"""
        denne (?:e-?posten|meldingen) (?:kommer|er sendt) (?:fra )?(?:utenfor|en ekstern) | ekstern avsender
        | du får ikke ofte e-post fra
    """,
    "fi": r"tämä (?:viesti|sähköposti) (?:on lähetetty|tulee) organisaation ulkopuolelta | et saa usein sähköpostia",
    "ro": r"acest (?:e-?mail|mesaj) provine din afara | expeditor extern | nu primiți des e-?mail",
    "tr": r"bu (?:e-?posta|ileti|mesaj) (?:kuruluş|şirket|kurum) dışından | harici gönderen",
    "ja": r"このメールは(?:組織|社)外から.{0,20} | 外部メール | 社外メール",
    "zh": r"此(?:邮件|郵件)来?來?自(?:组织|組織|公司)?外部 | 外部(?:邮件|郵件)",
}
# Words of alarm before it.
ALARMS = r"""
    caution | warning | attention | notice | important | alert | figyelem | uwaga | внимание | achtung | увага
    | upozornění | upozornenie | varování | oprez | advarsel | varoitus | atenție | dikkat | 注意 | 警告 | vorsicht
    | warnung | atención | attenzione | atenção | let op | varning | pozor | upozorenje
"""
_AFTER = r"(?:\b|\W|$)"
_ALARM = rf"(?:{alternatives(ALARMS)})\b"
# A warning as servers write it: an alarm before it, or brackets and stars around it.
BANNER = compiled(
    BANNERS,
    before=rf"(?:[\W_]{{0,10}}{_ALARM}[\W_]{{0,8}}(?:{_ALARM}[\W_]{{0,8}})?|[\[(*<{{\u3010\u300c]\W{{0,8}})",
    after=_AFTER,
)
# The same words alone, which people write, too.
WARNING = compiled(BANNERS, before=r"[\W_]{0,10}", after=_AFTER)
BRACKETS = compiled(r"\[external\] | \(external\) | \*+ ?external ?\*+", after=r"\W*$")
