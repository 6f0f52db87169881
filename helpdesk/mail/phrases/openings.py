"""How a mail server begins its report that a mail could not be delivered, in many languages."""

from __future__ import annotations

import re

from helpdesk.mail.phrases import alternatives

# How a report begins, or which sentence of it no person writes at the beginning of a letter.
OPENINGS = {
    "en": r"""
        this (?:message|mail|e-?mail|report|notice|note) (?:was|is|has been) (?:\w+ )?(?:automatically|generated
        |created) | this is (?:an?|the )?(?:\S+ ){0,3}(?:delivery|non-?delivery|undeliverable|bounce|delivery status
        |mail delivery) | this is the (?:\S+ ){0,3}(?:mail|mailer|e-?mail|smtp|postfix|qmail|deliver|delivery
        |mailer-daemon|exim|sendmail) | hi[.!,] this is the | this is the \S+ program | this is \S+ speaking | the
        mail system (?:at|could|has) | the (?:mail|message|e-?mail) (?:system|server|delivery|program|gateway|transfer
        agent)\b | your (?:message|mail|e-?mail|post|letter)\b[^.!?]{0,300}?\b(?:could ?n[o']t|can ?not|can't|was
        ?n[o']t|was not|did ?n[o']t|did not|could not|has not|hasn't|is being returned|has been (?:blocked|rejected
        |returned|delayed)|was (?:automatically )?(?:rejected|blocked|refused|returned|undeliverable|delayed)|is
        delayed|encountered)\b | (?:an?|the|this|following) (?:\S+ )?(?:message|mail
        |e-?mail)\b[^.!?]{0,200}?\b(?:could ?n[o']t|can ?not|can't|was ?n[o']t|was not|could not|has not|has been
        (?:blocked|rejected|returned|delayed)|undeliverable|was (?:rejected|blocked|refused|returned|delayed))\b |
        (?:an? )?(?:e-?mail|message|mail) (?:that )?you (?:have )?(?:sent|attempted|tried) | (?:could ?n[o']t|was
        ?n[o']t able to|was not able to|were unable to|unable to|failed to|can ?not|can't|could not|cannot|not
        possible to) (?:be )?(?:deliver|send|reach|relay|process)(?:ed)?\b | delivery (?:to|of|has|was|failed|failure
        |attempt|error|problem|report|status|notification|subsystem) | (?:did|could|has|have|was|were) ?(?:not|n't)
        (?:be|been )?(?:reach(?:ed)?|receive[d]?|delivered) | (?:following|these|some|this|intended|original)
        (?:e-?mail )?(?:address|recipient|user)(?:es|s|\(s\)|\(es\))? (?:had|have|has|is|are|was|were|failed|could
        |cannot|did|returned) | undeliver(?:able|ed)\b | unknown user | user unknown | user not found | no such user |
        mailbox (?:is )?full | recipient(?:'s)? (?:address|mailbox|not found|unknown|rejected) | no mailbox here |
        address not found | invalid (?:user|recipient|address|mailbox|final) | fail(?:ed|ure) (?:address|recipient
        |reason|delivery|notice) | intended recipient | non-?delivery | not delivered | message (?:blocked|not
        delivered|from interscan) | delivery incomplete | permanent (?:fatal )?(?:error|failure) | transcript of
        session | returned mail | i'?m (?:sorry|afraid) (?:i|to) | sorry,? (?:i|we|no|it|your|unable) | giving up |
        error (?:description|sending) | original message was received at | had (?:trouble|problems?) (?:delivering
        |sending) | mail ?box .{1,80} is full | error (?:\S+ ){0,3}(?:delivering|sending) | over ?quota | rejected
        (?:by|recipient|your) | requested action not | you are not (?:a )?member | not member article | unrouteable |
        delivery has failed | report (?:relates|about) | account (?:has been|is|does) (?:disabled|not|temporarily
        |over) | server (?:refused|rejected|returned) | wasn't delivered | couldn't be delivered | does(?: not|n't)
        exist | no longer (?:valid|exists)
    """,
    "hu": r"""
        nem (?:sikerült|lehet|lehetett|tudtuk|volt) (?:\S+ ){0,4}kézbesít | kézbesíthetetlen | nem kézbesíthető | (?:a
        |az)? ?(?:levele|üzenete|levél|üzenet)\b.{0,120}\bnem (?:érkezett|jutott|kézbesít|sikerült|lett) | sikertelen
        kézbesítés | kézbesítési (?:hiba|jelentés|értesít) | ismeretlen (?:felhasználó|címzett) | a (?:postafiók
        |postaláda) megtelt | automatikusan (?:készült|generált|küldött) (?:üzenet|levél)
    """,
    "pl": r"""
        nie (?:można|mogła|mógł|została|udało się|zostało|został) (?:\S+ ){0,3}(?:dostarcz|doręcz) | niedostarczon |
        wiadomość (?:\S+ ){0,6}nie (?:została|mogła|dotarła) | nieznany (?:użytkownik|odbiorca|adresat) | nie istnieje
        | skrzynka (?:\S+ ){0,2}(?:jest )?pełna | przepełnion | automatycznie wygenerowan | raport o niedostarczeniu |
        wygenerowana automatycznie
    """,
    "ru": r"""
        не (?:может быть|может|могло|могут|была?|было|удалось|удаётся|удается) (?:\S+ ){0,3}достав | недоставлен |
        (?:ваше|это) (?:письмо|сообщение)\b.{0,150}\bне (?:было|может|могло|удалось|доставлен) | (?:письмо|сообщение)
        (?:\S+ ){0,4}не доставлен | создано автоматически | автоматически (?:создан|сгенерирован) | (?:пользователь
        |адрес|ящик|получатель)\b.{0,60}\b(?:не (?:найден|существует)|переполнен|заблокирован) | такого пользователя |
        это письмо создано | неверный адрес
    """,
    "uk": r"""
        не (?:може бути|вдалося|вдається|було|був) (?:\S+ ){0,3}достав | недоставлен | не доставлено | ваш(?:е|ого)?
        (?:лист|повідомлення)\b.{0,150}\bне (?:було|може|вдалося|доставлен) | (?:користувач|адрес\w*
        |скриньк\w)\b.{0,60}\b(?:не (?:знайдено|існує)|переповнен)
    """,
    "hr": r"""
        nije (?:\S+ ){0,3}(?:isporučen|dostavljen|moguće|mogla|uručen) | ne može (?:\S+ ){0,2}(?:isporuč|dostav) |
        neispor | isporuka (?:\S+ ){0,3}(?:nije|neuspj?e) | nepoznat (?:korisnik|primatelj|primalac) | sandučić (?:\S+
        ){0,2}pun | није (?:\S+ ){0,3}(?:испоруч|достав) | не може (?:\S+ ){0,2}(?:испоруч|достав)
    """,
    "sl": r"""
        ni (?:bilo|mogoče )?(?:\S+ ){0,2}(?:dostavljen|dostaviti) | nedostavljiv | neznan (?:uporabnik|prejemnik)
    """,
    "cs": r"""
        (?:nelze|nebylo možné|nemohla být|nebyla|nemůže být|nepodařilo se) (?:\S+ ){0,3}doruč | nedoručiteln |
        zpráv\w\b.{0,150}\b(?:nebyla|nelze|nemohla) | neznámý (?:uživatel|příjemce|adresát) | schránka je plná |
        vygenerována automaticky | doručení se nezdařilo
    """,
    "sk": r"""
        (?:nie je možné|nebolo možné|nemohla byť|nebola|nepodarilo sa) (?:\S+ ){0,3}doruč | nedoručiteľn | neznámy
        (?:používateľ|príjemca|adresát) | schránka je plná | doručenie zlyhalo
    """,
    "de": r"""
        (?:konnte|kann|konnten|wurde|wurden) (?:leider )?(?:\S+ ){0,8}(?:nicht|keinem) (?:\S+ ){0,4}(?:zugestellt
        |zustell|ausgeliefert|übermittelt|versendet|gesendet|abgeliefert|erreicht|weitergeleitet) | unzustellbar |
        zustellung (?:\S+ ){0,6}(?:fehlgeschlagen|nicht möglich|verzögert|gescheitert) | nicht zugestellt | nicht
        zustellbar | automatisch (?:\S+ ){0,3}(?:erzeugt|erstellt|generiert) | empfänger (?:\S+ ){0,3}(?:unbekannt
        |nicht) | postfach (?:\S+ ){0,4}(?:voll|existiert|nicht) | dies ist eine (?:automatisch|unzustellbar
        |zustell)\w* | unbekannter (?:empfänger|benutzer) | fehler bei der zustellung | wir konnten (?:\S+ ){0,4}nicht
        | diese nachricht wurde automatisch
    """,
    "fr": r"""
        n['’]a (?:pas )?(?:\S+ ){0,2}pu [êe]tre | n['’]ont (?:pas )?pu [êe]tre | impossible de (?:remettre|d[ée]livrer
        |distribuer|transmettre|livrer) | [ée]chec de (?:la )?(?:remise|livraison|distribution) | non (?:remis
        |distribu) | votre (?:message|courriel|e-?mail|mail)\b.{0,200}\b(?:pas|non|rejet[ée]|refus[ée]|retourn[ée]) |
        (?:utilisateur|destinataire|adresse) (?:inconnu|introuvable|non recens) | bo[îi]te (?:\S+ ){0,4}pleine |
        message g[ée]n[ée]r[ée] automatiquement | g[ée]n[ée]r[ée] automatiquement | avis de non-?remise
    """,
    "es": r"""
        no (?:se )?(?:pudo|puede|ha podido|fue|han podido|pudieron) (?:\S+ ){0,3}(?:entreg|enviad|enviar|posible) |
        (?:su|tu|el) (?:mensaje|correo)\b.{0,200}\bno (?:se|ha|fue|pudo) | imposible entregar | no entregad | error
        (?:de|en la) entrega | usuario (?:desconocido|inexistente) | destinatario (?:\S+ ){0,2}no | buz[óo]n (?:\S+
        ){0,3}llen | generado autom[áa]ticamente | la entrega (?:\S+ ){0,4}(?:ha )?(?:falló|fallado)
    """,
    "it": r"""
        non (?:è stato|è|sono stati|ha potuto|può essere) (?:\S+ ){0,3}(?:possibile|consegnat|recapitat|inviat) |
        impossibile (?:consegnare|recapitare|inviare) | mancat[ao] (?:consegna|recapito) | non consegnat | utente
        (?:sconosciuto|inesistente) | casella (?:\S+ ){0,4}piena | generato automaticamente | (?:il|suo|tuo|vostro)
        messaggio\b.{0,200}\bnon | recapito (?:\S+ ){0,4}non riuscito
    """,
    "pt": r"""
        n[ãa]o (?:foi|p[ôo]de|pode) (?:\S+ ){0,3}(?:entreg|enviad|possível|possivel) | n[ãa]o entregue | falha (?:na
        |de|ao) (?:entrega|entregar|envio) | usu[áa]rio (?:desconhecido|inexistente) | (?:sua|a)
        mensagem\b.{0,200}\bn[ãa]o | caixa (?:\S+ ){0,4}cheia | gerad[ao] automaticamente | destinat[áa]rio
        (?:desconhecido|n[ãa]o)
    """,
    "ro": r"""
        nu a putut fi (?:\S+ ){0,2}(?:livrat|trimis) | nu a fost livrat | utilizator necunoscut | livrarea a eșuat
    """,
    "nl": r"""
        (?:kan|kon|konden|is|werd) (?:\S+ ){0,8}niet (?:\S+ ){0,4}(?:bezorgd|afgeleverd|verzonden|besteld|verstuurd) |
        niet (?:bezorgd|afgeleverd) | onbestelbaar | onbekende (?:gebruiker|ontvanger) | mailbox is vol | automatisch
        (?:gegenereerd|aangemaakt) | aflevering (?:\S+ ){0,4}mislukt
    """,
    "sv": r"""
        kunde inte (?:\S+ ){0,3}(?:levereras|skickas|nå) | inte levererats | okänd (?:användare|mottagare) |
        leverans\w* (?:\S+ ){0,3}misslyck | brevlådan är full | ditt (?:meddelande|brev)\b.{0,150}\binte | automatiskt
        (?:skapat|genererat)
    """,
    "da": r"""
        (?:kunne|kan) ikke (?:\S+ ){0,3}(?:leveres|afleveres|sendes) | (?:blev|er) ikke leveret | ukendt (?:bruger
        |modtager) | levering\w* (?:\S+ ){0,3}(?:mislykkedes|fejlede) | postkassen er fuld | din (?:besked|mail
        |meddelelse)\b.{0,150}\bikke
    """,
    "no": r"""
        (?:kunne|kan) ikke (?:\S+ ){0,3}(?:leveres|sendes) | (?:ble|er) ikke levert | ukjent (?:bruker|mottaker) |
        levering\w* (?:\S+ ){0,3}mislyktes | postboksen er full | meldingen (?:din)?\b.{0,150}\bikke
    """,
    "fi": r"""
        ei (?:voitu|voida|pystytty|onnistuttu) (?:\S+ ){0,3}(?:toimit|lähett) | toimit\w+ (?:\S+ ){0,3}epäonnistu |
        tuntematon (?:käyttäjä|vastaanottaja) | postilaatikko on täynnä
    """,
    "el": r"δεν (?:ήταν|είναι) (?:\S+ ){0,2}δυνατ | δεν παραδόθηκε | αποτυχία παράδοσης",
    "tr": r"""
        teslim edileme | iletileme | gönderileme | ulaştırılama | bilinmeyen (?:kullanıcı|alıcı) | posta kutusu dolu |
        otomatik olarak oluşturul
    """,
    "ja": r"""
        送信(?:する(?:こと)?が)?でき(?:ません|ず) | 配信(?:する(?:こと)?が)?でき(?:ません|ず) | 配送でき(?:ません|ず)
        | 届けでき(?:ません|ず) | 送信に失敗 | 配信に失敗 | 配信不能 | 配送に失敗 | 宛先が見つかりません |
        見つかりません | 存在しません | 自動的に(?:生成|送信|作成) | 一杯のため | いっぱいのため | 届きませんでした |
        エラーメッセージ | 受信者が | リストにありません | 未達 | 拒否され
    """,
    "zh": r"""
        无法(?:投递|送达|发送|传递|递送|被?送) | 無法(?:投遞|送達|傳送|傳遞|遞送|寄) | 未能(?:送达|送達|发送|投递) |
        投递失败 | 投遞失敗 | 发送失败 | 傳送失敗 | 發送失敗 | 退信 | 退回 | 被拒 | 拒收 | 不存在 | 系统自动 |
        系統自動 | 自动(?:产生|生成|发送)
    """,
    "ko": r"""
        배달(?:되지|하지|할) (?:못|수) | 전송(?:되지|하지|할) (?:못|수) | 발송(?:되지|하지|할) (?:못|수) | 반송 |
        존재하지 않
    """,
}
# Cheap roots of the words above: where none stands near the beginning, the long expressions are not tried.
ROOTS = (
    *(
        "interscan",
        "rcpt to",
        "deliver",
        "recipient",
        "undeliv",
        "mailbox",
        "bounce",
        "reject",
        "returned",
        "unknown user",
        "failed",
        "failure",
    ),
    *(
        "could not be",
        "couldn't",
        "not be sent",
        "unable to send",
        "quota",
        "no such user",
        "kézbes",
        "dostarcz",
        "doręcz",
    ),
    *(
        "достав",
        "isporuč",
        "dostav",
        "doruč",
        "zugestellt",
        "zustell",
        "unzustell",
        "remis",
        "distribu",
        "délivr",
        "delivr",
    ),
    *("entreg", "consegn", "recapit", "livrat", "bezorgd", "afgeleverd", "onbestel", "leverer", "levere", "levert"),
    *(
        "toimit",
        "teslim",
        "iletil",
        "送信",
        "配信",
        "配送",
        "エラー",
        "未達",
        "送达",
        "投递",
        "投遞",
        "送達",
        "退信",
        "退回",
        "반송",
        "배달",
        "전송",
    ),
)
# Words of scripts with letters begin where no letter stands before them; Chinese and Japanese know no such gaps.
OPENING = re.compile(rf"(?<![A-Za-zÀ-ɏЀ-ӿ])(?:{alternatives(OPENINGS)})", re.IGNORECASE)
