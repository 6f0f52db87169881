"""Lines below the words that nobody wrote for this mail: of phones, of programs, of lists, of legal departments."""

from __future__ import annotations

import re

from helpdesk.mail.phrases import compiled

PHONES = {
    "en": r"""
        sent (?:from|via|with|using|by|through) (?:my |a |an |the |mobile )?.{2,60} | get outlook for \w+.{0,80} |
        sent from outlook.{0,60} | from my (?:iphone|ipad|phone|mobile|android|samsung|blackberry).{0,40} | typed
        on (?:my |a )?.{2,40} | please excuse my brevity.{0,40} |
        (?:sorry for|please excuse|excuse)(?: any| the| my)? (?:typos|brevity).{0,60} |
        get \[?typeapp.{0,60} | get bluemail.{0,60} |
        download outlook for .{2,60}
    """,
    "hu": r"""
        (?:az )?(?:iphone|ipad|samsung|android|telefon|mobil|okostelefon|galaxy|huawei|xiaomi)\S{0,20}[-
        ]?\S{0,20}(?: \S{0,20})?(?:ról|ről|emről|omról|ból|ből|mról|mről) (?:küldve|küldtem|küldöm).{0,30} | elküldve
        .{2,50}(?:ról|ről|ból|ből|rol|rel)\b.{0,20} | küldve .{2,40}(?:ról|ről|ból|ből)\b.{0,20} |
        az outlook .{2,30} letöltése.{0,80} |
        töltse le az? .{0,20}outlook.{0,40} |
        outlook \S{2,20} beszerzése.{0,40} | az? .{2,30} (?:mail|outlook|posta) alkalmazás(?:á?ból|ából) küldve.{0,20}
    """,
    "pl": r"""
        wysłan[eoay] (?:z|ze|za pomocą|przez) .{2,60} | wysłano .{2,60} |
        (?:pobierz|uzyskaj) (?:program |aplikację )?outlook .{2,60} |
        wiadomość wysłana z .{2,60}
    """,
    "ru": r"""
        отправлено (?:с|со|из|через|от) .{2,60} | отправлено (?:с )?iphone.{0,20} |
        (?:загрузить|скачать|получить) outlook .{2,60} |
        отправлено из мобильной .{2,60}
    """,
    "uk": r"(?:надіслано|відправлено) (?:з|зі|із|через) .{2,60} | (?:отримати|завантажити) outlook .{2,60}",
    "hr": r"""
        poslano (?:sa|s|iz|z|putem|preko) .{2,60} | poslato (?:sa|s|iz|preko) .{2,60} | preuzmite outlook .{2,60}
        | послато са .{2,60} | nabavite outlook .{2,60} | (?:преузмите|набавите) outlook .{2,60}
        | (?:šaljem|pišem|poslano) s(?:a)? (?:mobitela|mobilnog|telefona).{0,30}
    """,
    "sl": r"poslano (?:iz|z|prek) .{2,60} | prenesite outlook .{2,60} | (?:pošiljam|pišem) s telefona.{0,20}",
    "sk": r"odoslané (?:z|zo) .{2,60} | (?:získajte|získať|stiahnuť) outlook .{2,60} | poslané z .{2,60}",
    "cs": r"odesláno (?:z|ze|pomocí) .{2,60} | posláno z .{2,60} | (?:získat|stáhnout) outlook .{2,60}",
    "de": r"""
        von mein\w{1,2} .{2,60} gesendet.{0,10} | (?:gesendet|gesandt|versendet) (?:von|mit|aus|über|via|vom)
        .{2,60} | diese nachricht wurde von .{2,80} gesendet.{0,10} | von .{2,40} gesendet | outlook für .{2,40} |
        holen sie sich outlook .{2,60} | beziehen von outlook .{2,60} | laden sie outlook .{2,60} | von unterwegs
        gesendet.{0,60} | gesendet mit .{2,60}
    """,
    "fr": r"""
        envoyé (?:de|depuis|à partir d[eu]|avec|via|par) .{2,60} | envoyée? (?:de|depuis) .{2,60} | télécharger
        outlook .{2,60} | obtenez outlook .{2,60} | obtenir outlook .{2,60}
    """,
    "es": r"""
        enviado (?:desde|con|mediante|a través de) .{2,60} | obtener outlook .{2,60} | obtenga outlook .{2,60} |
        descargar outlook .{2,60}
    """,
    "it": r"inviato (?:da|dal|con|tramite|dall['’]?) ?.{2,60} | scarica outlook .{2,60} | ottieni outlook .{2,60}",
    "pt": r"""
        enviad[oa] (?:do|de|a partir|pelo|via|com) .{2,60} | obter o? ?outlook .{2,60} | obtenha o outlook .{2,60}
        | baixar o outlook .{2,60}
    """,
    "nl": r"""
        (?:verzonden|verstuurd|gestuurd) (?:vanaf|via|met|vanuit|van|door) .{2,60} | outlook voor .{2,40}
        downloaden | download outlook .{2,60}
    """,
    "sv": r"""
        skicka(?:t|des) (?:från|med|via) .{2,60} | skaffa outlook .{2,60} | hämta outlook .{2,60} | från min
        (?:iphone|ipad|mobil).{0,20}
    """,
    "da": r"sendt (?:fra|med|via) .{2,60} | hent outlook .{2,60} | få outlook .{2,60}",
    "no": r"(?:skaff(?: deg)?|last ned) outlook .{2,60}",
    "fi": r"lähetetty .{2,60} | (?:hanki|hae|lataa) outlook .{2,60} | kirjoitettu puhelimella.{0,20}",
    "ro": r"trimis (?:de pe|din|de la|prin|cu) .{2,60} | obțineți outlook .{2,60} | descărcați outlook .{2,60}",
    "tr": r"""
        .{2,40}(?:['’]?d[ae]n|umdan|imden|ımdan|ümden) gönderildi.{0,5} | outlook for .{2,30} edinin.{0,60} |
        .{2,30} için outlook['’]?[uı] edinin.{0,60} | outlook['’]?[uı]? .{2,20} için edinin.{0,60} |
        windows için .{2,20} ile gönderildi.{0,5}
    """,
    "ja": r"iphone ?から送信 | .{1,20}から送信 | outlook for .{2,20}を入手.{0,60}",
    "zh": r"""
        发自我?的?.{1,20} | 從我的.{1,20}傳送 | 从我的.{1,20}发送 | 获取
        ?outlook.{0,60} | 发送自.{1,20} | 來自我的.{1,20} | 通过.{1,20}发送
        | (?:获取|取得|下载|下載) ?outlook.{0,60} | 从\s?(?:三星|华为|小米|windows).{1,20}发送
        | (?:来自|發自|发自).{0,3}网易邮箱大师
    """,
    "programs": r"""
        yahoo mail[:,].{2,60} | mobile? mail .{2,40} | enviado de samsung .{2,40} | mail\.ru .{2,60} |
        --\s?отправлено из mail\.ru.{0,60} | sent with \[?proton ?mail.{0,60} | virus-?free\.? .{0,60} |
        <?https?://(?:aka\.ms|overview\.mail\.yahoo\.com|go\.onelink\.me|mail\.onelink\.me|www\.avast\.com)/\S{0,200}
    """,
}
DISCLAIMERS = {
    "en": r"""
        this (?:e-?mail|message|communication|transmission|electronic
        mail)\b.{0,160}(?:confidential|intended|privileged|virus|scanned|legally) | the
        (?:information|contents?)s?
        .{0,40}(?:this|e-?mail|message|communication).{0,160}(?:confidential|intended|privileged) |
        confidentiality (?:notice|note)\b | (?:legal )?disclaimer\s?[:.-] | important notice\s?: | please consider
        the environment | think before you print | this message has been scanned | no virus found in this | if you
        (?:are not the intended|have received this (?:e-?mail|message) in error) | notice: this
        (?:e-?mail|message) | privileged and confidential
    """,
    "hu": r"""
        (?:ez|ezen|jelen) (?:az )?(?:e-?mail|üzenet|elektronikus|levél).{0,160}(?:bizalmas|titk|címzett) | a jelen
        (?:e-?mail|üzenet|levél).{0,160}(?:bizalmas|címzett|titk) | jogi nyilatkozat | kérjük,?
        (?:gondoljon|gondolj|óvja|kímélje).{0,40}környezet | az üzenet(?:ben)? .{0,120}(?:bizalmas|címzett)
        | az ebben az (?:e-?mail|üzenet|levél).{0,120}(?:bizalmas|címzett)
    """,
    "pl": r"""
        (?:ta|niniejsza|treść tej|treść niniejszej|informacj[ea] zawart[ea] w) (?:wiadomoś|korespondencj|tej
        wiadomości|niniejszej).{0,160}(?:poufn|przeznaczon|adresat) | zanim wydrukujesz | klauzula
        (?:poufności|informacyjna) | informacja o poufności
        | pomyśl o środowisku
    """,
    "ru": r"""
        (?:это|данное|настоящее|информация в этом)
        (?:сообщение|электронное|письмо|сообщении).{0,160}(?:конфиденциальн|предназначен) | уведомление о
        конфиденциальности | подумайте об окружающей среде
    """,
    "uk": r"(?:це|дане|цей) (?:повідомлення|електронн|лист).{0,160}(?:конфіденційн|призначен)",
    "hr": r"""
        (?:ova|ovaj|sadržaj ove|informacije u ovoj)
        (?:poruk|elektronič|e-?mail|e-?poruk|elektronsk).{0,160}(?:povjerljiv|namijenjen|poverljiv|namenjen) |
        izjava o (?:povjerljivosti|odricanju) | molimo (?:vas )?(?:razmislite|da prije ispisa).{0,40}okoliš\w*
    """,
    "sr": r"ова (?:порука|електронск).{0,160}(?:поверљив|намењен)",
    "sl": r"(?:to|ta|vsebina tega) (?:sporočil[oa]|elektronsko|e-?pošt).{0,160}(?:zaupn|namenjen)",
    "sk": r"(?:tento|táto|informácie obsiahnuté v tejto) (?:e-?mail|správ[ae]).{0,160}(?:dôvern|určen)",
    "cs": r"(?:tento|tato|obsah tohoto|obsah této) (?:e-?mail|zpráv[ay]).{0,160}(?:důvěrn|určen|komunikační charakter)",
    "de": r"""
        (?:diese|die in dieser|der inhalt dieser) (?:e-?mail|nachricht|mail).{0,160}(?:vertraulich|bestimmt) |
        haftungsausschluss | bitte (?:denken sie an die umwelt|prüfen sie).{0,80}(?:ausdruck|umwelt|druck) |
        vertraulichkeitshinweis | wichtiger hinweis:
    """,
    "fr": r"""
        ce (?:message|courriel|mail|e-?mail).{0,160}(?:confidentiel|destin) | avis de confidentialité | pensez à
        l['’]environnement | les informations contenues dans ce.{0,120}confidentiel
        | n['’]imprimez ce
    """,
    "es": r"""
        (?:este|el presente|la información contenida en este)
        (?:mensaje|correo|e-?mail).{0,160}(?:confidencia|destin) | aviso (?:legal|de
        confidencialidad) | antes de imprimir
    """,
    "it": r"""
        (?:questo|il presente|le informazioni contenute in questo)
        (?:messaggio|e-?mail).{0,160}(?:riservat|confidenzial|destin) | avviso di riservatezza | prima di stampare
        | rispetta l['’]ambiente | ai sensi del .{0,120}riservat
    """,
    "pt": r"""
        esta (?:mensagem|e-?mail).{0,160}(?:confidencia|destin) | este e-?mail.{0,160}(?:confidencia|destin) |
        aviso (?:legal|de confidencialidade) | as informações contidas nest[ea].{0,120}confidencia
        | antes de imprimir
    """,
    "nl": r"(?:dit|deze|de informatie .{0,20}dit) (?:bericht|e-?mail).{0,160}(?:vertrouwelijk|bestemd)",
    "sv": r"detta (?:meddelande|e-?post|mail|e-?brev).{0,160}(?:konfidentiell|avsett)",
    "da": r"denne (?:e-?mail|meddelelse|mail).{0,160}(?:fortrolig|beregnet)",
    "no": r"denne (?:e-?post|meldingen).{0,160}(?:konfidensiell|beregnet)",
    "fi": r"tämä (?:viesti|sähköposti).{0,160}(?:luottamukselli|tarkoitettu)",
    "ro": r"(?:acest|informațiile din acest) (?:mesaj|e-?mail).{0,160}(?:confiden|destin)",
    "tr": r"bu (?:e-?posta|mesaj|ileti).{0,160}(?:gizli|alıcı)",
    "ja": r"(?:この|本)(?:電子)?メール.{0,80}(?:機密|秘密)",
    "zh": r"(?:本|此)(?:电子|電子)?(?:邮件|郵件).{0,80}(?:保密|机密|機密)",
    "programs": r"""
        (?:virus-?free|vírusmentes|virenfrei|bez\swirusów|sans\svirus|libre\sde\svirus|virusvrij|virusfri)\.?\s?<?www\.avast
        | не содержит вирусов\.?\s?<?www\.avast | l['’]absence de virus dans ce
        | .{0,100}(?:avast|avg|eset|kaspersky).{0,40}(?:auf viren geprüft|ellenőrizte|en busca de virus) |
        virus-?free\. | avast.{0,40}(?:virus|free) | (?:ez|az) e-?mail.{0,60}avast |
        этo сообщение проверено
    """,
}
# Below a drawn line at the end: what list servers and forums add.
LISTS = r"""
    mailing ?list | unsubscribe | to post to this | mailto:.{0,60}unsubscribe | you received this
    (?:message|mail|e-?mail) because | view (?:it|this).{0,40} (?:on|in)  | /listinfo/ | reply to this
    (?:e-?mail|message) directly | leiratkozás | wypisz | abmelden | zur abmeldung | mailingliste |
    liste de diffusion | visit .{0,60}to (?:un)?subscribe |
    yahoogroups | googlegroups\.com
"""
PHONE = compiled(PHONES, before=r"[\s*_(<\[~]{0,10}", after=r"[.!)>\]*_~\s]{0,10}$")
DISCLAIMER = compiled(DISCLAIMERS)
LIST = compiled(LISTS)
RULE = re.compile(r"\s{0,10}(?:_{10,}|-{10,}|={10,}|\*{10,}|(?:[-_=*]\s){10,}[-_=*]?)\s{0,10}$")
DASHES = re.compile(r"[\s\xa0]{0,3}(?:--|—-|-- ?-|__)[\s\xa0]{0,10}$")
# What people draw themselves above their names.
DRAWN = re.compile(r"\s{0,3}(?:[\u2013\u2014\u2015\u2500\u2501\uff1d\uff0a]{1,60}|[_=~*]{3,60}|-{3,60})\s{0,10}$")
