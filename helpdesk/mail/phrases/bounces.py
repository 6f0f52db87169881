"""Who reports that a mail could not be delivered, and the subjects of such reports, in many languages."""

from __future__ import annotations

from helpdesk.mail.phrases import compiled

# What stands before the @ of addresses from which only servers write.
DAEMONS = r"""
    mailer-?_?daemon | post[-_.]?master | mail[-_.]?delivery(?:[-_.]?system|[-_.]?sub-?system|[-_.]?service
    |[-_.]?agent)? | maildeliverysystem | mdaemon | mailsystem | mail[-_.]system | microsoftexchange[0-9a-f]{5,40} |
    bounces? | (?:bounces?|return|errors?)[-+=]\S+ | delivery[-_.]?(?:system|status|failure|daemon|agent|notification)
    | mmdf | no-?reply-?bounce | mail-?daemon | maildaemon | mail[-_.]?robot | smtp-?daemon | uucp | root-?mailer
    | prodigymail | imss? | interscan | viruswall | mailscanner | mailmarshal | mimesweeper
    | \S{0,30}smtp[-_]mail\S{0,20} | \S{0,40}smtp[-_]?gateways? | exchange(?:[-_]?server)?
    | smtp[-_]?(?:error|server|service) | ndr | dsn | mta | mail[-_.]?(?:error|errors|failure|notification)
    | undeliver(?:ed|able) | non-?delivery
"""
# People write from these, too: they count only beside what no person sends.
ADMINISTRATORS = r"""
    "?system ?administrator"? | sysadmin | mail[-_.]?admin(?:istrator)?
"""
# The name beside the address; a person's name holds none of these.
NAMES = r"""
    mail(?:er)?[- ]?daemon | mail delivery (?:system|sub-?system|service|agent|program|server|status) | mail delivery
    | e-?mail delivery (?:system|sub-?system|service) | delivery (?:sub-?system|system|status) | (?:internet )?mail
    (?:system|server|gateway|router) | post ?master | microsoft exchange | microsoft outlook | interscan
    (?:mss|notification|messaging).* | messaging server | mail delivery.{0,40} | returned mail | undeliverable mail
    | non-?delivery report
"""
# As with the addresses of administrators: a person may sign so.
ADMINISTRATOR_NAMES = r"""
    (?:internet )?mail administrator | system administrator | systemadministrator | administrateur syst[èe]me |
    administrador del sistema | amministratore di sistema | rendszergazda | administrator systemu | системный
    администратор | administrador do sistema | systeembeheerder | systemadministratör | järjestelmänvalvoja | správce
    systému
"""
SUBJECTS = {
    "en": r"""
        undeliver(?:able|ed)\b | deliver(?:y|ing) status notification | delivery (?:failure|failed) | delivery has
        failed | delivery (?:problem|error|delayed|delay|notification|report|incomplete|unsuccessful|attempt|was not)
        | (?:mail|message|e-?mail) delivery (?:failed|failure|error|problem|system|status|delayed|report|notification)
        | (?:mail|message) (?:failed|failure|error|undeliverable|not delivered) | fail(?:ed|ure) (?:notice|to deliver
        |delivery|mail) | returned (?:mail|e-?mail|message)\b | returning message to sender | mail (?:system error
        |could not|status report) | could(?: ?n[o']t) (?:be )?(?:deliver|send|sent) | non[- ]?deliver | not delivered
        | was not delivered | warning: (?:message|could|mail) | delayed mail | postmaster notify | bounced? (?:mail
        |message|action) | unable to deliver | mail (?:was )?rejected | message (?:was )?(?:rejected|returned|bounced
        |delayed|could not) | delivery of your (?:mail|message) | user unknown | unknown user | undelivered mail
        returned | nondeliverable | message status - | status report | (?:your )?(?:mail|message) (?:to .{1,80}
        )?could not be delivered | delay(?:ed)?: | mailbox (?:full|unavailable) | recipient (?:rejected|unknown) |
        ndn: | (?:dsn|ndr)\b | returned to sender | delivery report | delivery[_ ]status | processing error | error
        during delivery | non-?delivery | automatically rejected (?:mail|message) | (?:mail|message|e-?mail) (?:has
        been )?blocked | blocked by | message you sent | permanent delivery failure | delivery subsystem | mail
        returned | bounce(?:d)?: | address not found | delivery incomplete | failure delivery | failed delivery |
        failed mail | failed: | mail failed | mail bounce | xmail bounce | sending failed | send(?:ing)? (?:failure
        |error) | there was an error (?:sending|delivering) | error sending | problem delivering | trouble delivering
        | unable to send | failed to send | not be (?:delivered|sent) | undeliver | has been rejected | over ?quota |
        quota exceeded | no such user | invalid (?:recipient|address|mailbox|user) | unknown (?:recipient|address
        |mailbox|host) | host unknown | not listed in | delivery expired | message expired | rejected message |
        rejected mail | message refused | your message (?:to .{1,80} )?(?:was|has been|is|could|cannot|can not|can't
        |couldn't) | email (?:is )?not (?:delivered|valid|found) | loop detected | mail loop | relaying denied | spam
        mail from a spammer | not member article | reject(?:ed)? mail | queue(?:d)? (?:mail|message|warning) | still
        being retried | transient failure | temporary (?:failure|problem) | mail system error
    """,
    "hu": r"""
        k[ée]zbes[íi]thetetlen | k[ée]zbes[íi]t[ée]s(?:i)? (?:hiba|sikertelen|[áa]llapot|jelent) | nem k[ée]zbes[íi] |
        sikertelen k[ée]zbes[íi]t[ée]s | a lev[ée]l nem | k[ée]zbes[íi]t[ée]si | vissza(?:küldött|kézbesített|pattant)
        (?:levél|üzenet) | visszapattant | sikertelen (?:küldés|levélküldés) | késleltetett kézbesítés | nem található
        cím | a címzett nem
    """,
    "pl": r"""
        niedostarczaln | nie (?:można|mogła|została|udało się) (?:być )?dostarcz | niedostarczon | zwrot (?:wiadomości
        |poczty) | błąd dostarcz | niepowodzenie dostarcz | nie doręczono | stan dostarczenia | raport o niedoręczeniu
        | niedostarczenie | nie dostarczono | zwrócona wiadomość | wiadomość zwrócona | dostarczenie nie powiodło |
        problem z dostarcz | opóźnione dostarcz | nieznany (?:użytkownik|odbiorca) | brak adresata | odrzucon(?:a|o|y)
    """,
    "ru": r"""
        не ?доставлен | не ?удалось достав | невозможно достав | ошибка доставки | сбой доставки | недоставк |
        недоставлен | уведомление о (?:недоставке|состоянии доставки|статусе доставки) | сообщение не доставлено |
        письмо не доставлено | не ?доставлен\w* | возврат (?:письма|почты|сообщения) | ошибка (?:отправки|при
        доставке) | сообщение не доставл | письмо не может быть | отказ(?:ано)? в доставке | адрес(?:ат)? не найден |
        задержк\w+ (?:доставки|письма)
    """,
    "uk": r"""
        не вдалося достав | недоставлен | не доставлено | помилка доставки | сповіщення про стан доставки | не доставл
        | повернення (?:листа|пошти) | помилка (?:надсилання|відправлення) | невдала доставка | адрес(?:у|ата|ат) не
        знайдено
    """,
    "bg": r"недоставен | не може да бъде доставен | неуспешна доставка | върнато (?:писмо|съобщение)",
    "hr": r"""
        neisporuč | nije isporuč | isporuka nije | neuspj?ešn\w{1,3} (?:isporuk|dostav) | ne može se isporuč | nije
        (?:dostavljen|uručen)\w? | nedostavljen | povrat poruke | vraćena po(?:ruka|šta) | isporuka (?:poruke )?nije
        uspj?ela | neuspj?elo dostavljanje | greška u isporuci
    """,
    "sr": r"""
        неиспоруч | није испоруч | није достављен | испорука није | враћена порука | неуспел\w* испорук
    """,
    "sl": r"""
        nedostavljiv | ni bil\w? dostavljen | dostava ni uspela | ni mogoče dostaviti | neuspešna dostava | vrnjeno
        sporočilo | nedostavljen\w* sporočilo | napaka pri dostavi
    """,
    "cs": r"""
        nedoručiteln | nedoručen | nelze doručit | doručení se nezdařilo | nebyl\w? doručen | vrácená (?:zpráva|pošta)
        | nepodařilo se doručit | chyba (?:při )?doručení | oznámení o nedoručení | zpráva nebyla | doručení (?:zprávy
        )?selhalo
    """,
    "sk": r"""
        nedoručiteľn | nedoručen | nebol\w? doručen | nepodarilo sa doručiť | vrátená (?:správa|pošta) | nie je možné
        doručiť | chyba (?:pri )?doručen | doručenie zlyhalo | správa nebola
    """,
    "de": r"""
        unzustellbar | nicht zugestellt | nicht zustellbar | zustellung (?:fehlgeschlagen|verzögert|nicht) |
        unzustellbare | zustellungs?(?:fehler|status|bericht|problem) | zustell(?:fehler|ung fehl) | rückläufer |
        konnte nicht zugestellt | fehlgeschlagen | benachrichtigung (?:zum|über den?) (?:über)?(?:zustell
        |mittlungs)status | fehler bei der zustellung | unzustellbar\w* | rücksendung | zurückgewiesen |
        mail-?zustellung | nicht (?:aus|ab)?geliefert | nicht erreichbar | zurück an (?:den )?absender | übermittlung
        fehlgeschlagen | zustellungs? ?benachrichtigung | zustellverzögerung | empfänger unbekannt | e-?mail (?:konnte
        |wurde) nicht | nachricht (?:konnte|wurde) nicht | unbekannter (?:empfänger|benutzer)
    """,
    "nl": r"""
        onbestelbaar | kan niet (?:worden )?(?:bezorgd|afgeleverd) | niet bezorgd | niet afgeleverd | aflevering
        mislukt | bezorging | (?:bericht|e-?mail|mail) (?:is )?niet (?:afgeleverd|bezorgd|verzonden) | afleverfout |
        niet (?:af te leveren|bestelbaar|besteld) | teruggestuurd | geweigerd | adres niet gevonden | retour afzender
        | vertraagd | kon niet worden
    """,
    "sv": r"""
        ej levererat | kunde inte levereras | olevererat | går inte att leverera | leveransfel | leveransstatus |
        kunde inte (?:skickas|levereras) | leverans(?:en)? misslyckades | inte levererat | ej levererbart | returnerat
        (?:meddelande|brev) | leveransrapport | avvisat
    """,
    "da": r"""
        kunne ikke leveres | ikke leveret | ikke afleveret | leveringsstatus | levering | leveringsfejl |
        levering(?:en)? (?:mislykkedes|fejlede) | returneret | kan ikke leveres | afvist
    """,
    "no": r"""
        kunne ikke leveres | ikke levert | leveringsstatus | kan ikke leveres | leveringsfeil | levering(?:en)?
        mislyktes | ikke mulig å levere | returnert | avvist
    """,
    "fi": r"""
        ei voitu toimittaa | toimittaminen epäonnistui | toimitusvirhe | viestiä ei | toimitus epäonnistui |
        toimituksen tila | ei toimitettu | toimittamaton | palautettu (?:viesti|posti) | perille toimittaminen
    """,
    "et": r"kättetoimetamata | ei õnnestunud (?:saata|edastada) | tagastatud kiri",
    "lt": r"nepristatyt | nepavyko pristatyti",
    "lv": r"nav piegādāts | neizdevās piegādāt",
    "fr": r"""
        non remis | échec de (?:la )?(?:remise|livraison|distribution) | non distribu | non délivr | avis de
        non-?remise | message non | n['’]a pas pu être | notification d['’]état de (?:la )?(?:remise|distribution) |
        échec d['’]envoi | message (?:refusé|rejeté|retourné) | retour(?:né)? à l['’]expéditeur | utilisateur
        (?:inconnu|non recens) | adresse (?:inconnue|introuvable|non trouvée) | impossible (?:de remettre|à remettre
        |de délivrer|d['’]envoyer|à distribuer) | courrier (?:non|retourné) | retard de (?:remise|livraison
        |distribution) | rapport de non
    """,
    "es": r"""
        no se (?:puede|pudo|ha podido) entregar | no entreg | error de entrega | fallo (?:en|de) (?:la )?entrega |
        devuelto | notificación del estado de (?:la )?entrega | no se entregó | mensaje no | no entregad | devuelt |
        rechazad | no pudo (?:ser )?entreg | imposible (?:entregar|enviar) | error (?:al|en el) env | fallo en el env
        | correo no | aviso de no entrega | destinatario (?:desconocido|inexistente) | dirección no encontrada |
        informe de no entrega | entrega (?:retrasada|fallida)
    """,
    "ca": r"no lliurat | no s['’]ha pogut lliurar | error de lliurament | missatge retornat",
    "it": r"""
        mancat[ao] (?:recapito|consegna) | impossibile (?:recapitare|consegnare) | non recapit | errore di consegna |
        notifica (?:di )?stato | non consegnat | messaggio (?:non|respinto|rifiutato) | recapito (?:non riuscito
        |fallito|ritardato) | non (?:è stato )?possibile (?:consegnare|recapitare) | consegna (?:fallita|non riuscita
        |ritardata) | restituit | indirizzo (?:non trovato|sconosciuto|inesistente) | errore (?:di|nel) recapito |
        mancata | avviso di mancata
    """,
    "pt": r"""
        não (?:foi )?(?:entregue|pôde ser entregue) | não entregue | falha (?:na|de) entrega | falha no envio |
        notificação de status de entrega | erro de entrega | devolvid | não pôde ser | não foi possível (?:entregar
        |enviar) | mensagem (?:não|rejeitada|devolvida) | erro (?:no|ao) envi | endereço não encontrado | destinatário
        (?:desconhecido|inexistente) | retorno de (?:mensagem|e-?mail) | entrega (?:falhou|atrasada) | falha ao
        entregar
    """,
    "ro": r"""
        nelivrabil | nu a putut fi livrat | livrare eșuată | nu a fost livrat | livrarea a eșuat | nu a putut fi
        (?:trimis|livrat) | mesaj (?:returnat|nelivrat|respins) | eroare (?:de|la) livrare | notificare (?:de|privind)
        (?:stare|livrare)
    """,
    "el": r"δεν (?:παραδόθηκε|είναι δυνατή η παράδοση|ήταν δυνατή) | αποτυχία παράδοσης | μη παραδοτέο",
    "tr": r"""
        teslim edilem | gönderilemedi | iletilemedi | teslim durumu | teslim edilemedi | iletilemeyen | teslimat
        (?:başarısız|hatası|bildirimi) | geri dönen | ulaştırılamadı
    """,
    "he": r"לא ניתן למסור | ההודעה לא נמסרה | מסירה נכשלה",
    "ar": r"تعذر (?:التسليم|تسليم) | لم يتم تسليم | فشل التسليم",
    "th": r"ไม่สามารถส่ง",
    "vi": r"không (?:thể )?(?:gửi|chuyển) được | không thể (?:gửi|chuyển)",
    "id": r"tidak (?:dapat )?terkirim | gagal (?:terkirim|dikirim)",
    "ja": r"""
        配信不能 | 配信できません | 未配達 | 配送エラー | エラーメール | 送信できません | 配信に失敗 | 配信失敗 |
        配送不能 | 配送できません | 送信エラー | メールエラー | エラー通知 | 未達 | 宛先不明 | 返送 | 不達 |
        届きません | 送信失敗 | 届けられません
    """,
    "ko": r"반송 | 배달되지 | 배달 실패 | 전송 실패 | 발송 실패 | 수신 ?거부 | 전달되지 않음",
    "zh": r"""
        退信 | 无法投递 | 無法傳遞 | 投递失败 | 系统退信 | 未送达 | 無法投遞 | 传递失败 | 未傳遞 | 邮件发送失败 |
        郵件發送失敗 | 发送失败 | 發送失敗 | 邮件退回 | 郵件退回 | 退件 | 被退回 | 投递状态 | 未能送达 | 无法送达 |
        無法送達 | 无法发送 | 無法傳送 | 传送失败 | 傳送失敗 | 投遞失敗 | 无法传递 | 無法寄達 | 寄送失敗 | 拒收
    """,
}

NAME_ROOTS = (
    "mail",
    "deliver",
    "admin",
    "master",
    "exchange",
    "outlook",
    "interscan",
    "gazda",
    "системн",
    "beheer",
    "järjest",
    "správce",
    "messaging",
)
DAEMON = compiled(DAEMONS, after=r"\d*$")
MAILER_DAEMON = compiled(r"mailer-?_?daemon | mail-?daemon", after=r"\d*$")
ADMINISTRATOR = compiled(ADMINISTRATORS, after=r"\d*$")
NAME = compiled(NAMES, before=r"^\W*", after=r"\W*$")
ADMINISTRATOR_NAME = compiled(ADMINISTRATOR_NAMES, before=r"^\W*", after=r"\W*$")
SUBJECT = compiled(SUBJECTS)


def names_a_server(name: str) -> bool:
    """Whether a display name is a server's; most names are not even compared."""
    return _may_name(name) and NAME.match(name) is not None


def names_an_administrator(name: str) -> bool:
    """Whether a display name is that of whoever keeps a server, or of the server in his name."""
    return _may_name(name) and ADMINISTRATOR_NAME.match(name) is not None


def _may_name(name: str) -> bool:
    lowered = name.lower()
    return any(root in lowered for root in NAME_ROOTS)
