"""What mail servers write in a report that a mail could not be delivered, in their own prose and many languages."""

from __future__ import annotations

import re

from helpdesk.mail.phrases import alternatives, compiled

# What begins the mail that is returned below the server's prose.
RETURNED = r"""
    original message\b(?!\s+(?:was|had|has|could|sent|to)) | (?:below )?this line is a copy of the message | this is a
    copy of (?:the|your) | below is a copy | message headers? | included is a copy | returned (?:message
    |mail)\b(?!\s+(?:was|is)) | undelivered message | a message header follows | original message headers | the
    headers? of the | unsent message | message text follows | below (?:this|the next) line | message contents |
    received: ?(?:from|by|\() | received: | return-path: | the original message(?: (?:was attached|headers?|follows|is
    |contents|attached)) | your message (?:follows|reads) | transcript of (?:the )?message | copy of (?:the|your)
    (?:original )?message | a copy of (?:the|your)(?: original)? message | ursprüngliche nachricht(?!\s+(?:wurde
    |konnte)) | originalnachricht | eredeti (?:üzenet|levél) | headers of the | start of returned message | old
    message: | here is your returned mail | original mail | message header follows | the (?:first|beginning|header) of
    (?:the|your) | attachment is a copy | -- the header | the header and top | for your reference | a summary of the
    undelivered | content of (?:the )?(?:message|mail) | (?:end|rest) of message | mensaje original | mensagem
    original | message d'origine | message original | messaggio originale | oorspronkelijk bericht | ursprungligt
    meddelande | oprindelig (?:meddelelse|besked) | opprinnelig melding | alkuperäinen viesti | oryginalna wiadomość |
    treść (?:oryginaln|wiadomo) | исходное (?:письмо|сообщение) | копия (?:письма|сообщения|исходного) | original
    meddelande | původní zpráva | pôvodná správa | izvorna poruka | originalna poruka | izvirno sporočilo | mesajul
    original | orijinal (?:ileti|mesaj) | 元のメール | 元のメッセージ | 以下は | オリジナルメッセージ | 原始邮件 |
    原始郵件 | 原邮件 | 下面是 | 以下是(?:您|你|原) | 원본 메시지
"""
# What begins the machine's record of the conversation; above it stand the addresses as we wrote them.
TRANSCRIPT = r"""
    transcript of session | session transcript | smtp (?:session|command|dialog) | server message | technical details
    | diagnostic information | error detail | generating server | additional information | delivery report\b |
    original message details | message details | debug(?:ging)? information | log follows | technische |
    diagnoseinformationen | informations? de diagnostic | información de diagnóstico | informações de diagnóstico
"""
# An address behind one of these is the one that did not get the mail.
LABELS = r"""
    rcpt to | generated (?:by|from) | failed recipients? | intended recipients? | final-?recipient |
    original-?recipient | recipient\(s\) | recipients? address(?:es)? | recipient | undeliverable address | failed
    address(?:es)? | unknown user | user unknown | no such (?:user|recipient|address|mailbox) | invalid (?:user
    |recipient|address|final delivery userid) | (?:could|can) ?not be delivered to | cannot be delivered to |
    (?:couldn't|can't|wasn't) (?:be )?delivered to | was not delivered to | not delivered to | unable to deliver
    (?:the|your|this )?(?:message|mail|e-?mail)? ?to | unable to deliver to | failed to deliver (?:the|your
    )?(?:message|mail)? ?to | delivering (?:your )?(?:message|mail) to | wasn't delivered to | returned permanent
    errors | rejected recipient | error-for | addressed to | user's mailbox is full | mailbox (?:is )?(?:full
    |unavailable) | delivery (?:failed )?(?:to|for) | user | address | failed to send to | (?:your )?(?:message|mail
    |e-?mail) (?:to|for) | nachricht an | e-?mail an | mail an | message à | courriel à | mensaje a | correo a |
    messaggio a | mensagem para | bericht aan | meddelande till | besked til | melding til | viesti | wiadomości? do |
    dostarczon[aey] do | письмо для | сообщение для | zpráv[au] pro | správ[au] pre | leveled | destinatari[oa]s? |
    destinataires? | empfänger(?:adresse)? | címzett | adressat | odbiorca | adresat | получател[ья] | адресат[уа]? |
    одержувач | primatelj | primalac | prejemnik | příjemce | príjemca | ontvanger | mottagare | modtager | mottaker |
    vastaanottaja | alıcı | gönderilemedi | 宛先 | 受信者 | 送信先 | 收件人 | 收件者 | 收信人 | 수신자 | 받는 사람
"""
# An address behind one of these is somebody else's: the sender's, a helper's, an identifier.
FOREIGN = r"""
    mail from | from | envelope-?from | sender | original sender | return-?path | reply-?to | message-?id |
    in-reply-to | references | x-[a-z-]{1,40} | received | id | cc | bcc | subject | expéditeur | absender |
    feladó | nadawca | отправител[ья] | відправник | pošiljatelj | odesílatel | odosielateľ | remitente | mittente |
    remetente | afzender | avsändare | afsender | avsender | lähettäjä | gönderen | 差出人 | 送信者 | 发件人 | 寄件者
    | 보낸 사람
"""
# An address some words behind one of these is that of whoever helps.
CONTACTS = r"""
    contact | please (?:write|send|forward|mail|e-?mail|report) | e-?mail us | send (?:an? )?(?:e-?mail|mail|message)
    to | write to | help(?:desk)?(?: at)? | support(?: at)? | assistance | abuse | questions? | report (?:this|it) |
    notif(?:y|ied) | forward (?:this|it) | administrator | if you (?:feel|believe|think|have|need) | kapcsolat |
    forduljon | skontaktuj | обратитесь | пишите | зверніться | kontaktieren | wenden sie | contactez | contacte |
    contatti | contattare | contate | neem contact | kontakta | kontakt | ota yhteyttä | お問い合わせ | 联系 | 聯絡 |
    문의
"""
# What says that the server goes on trying.
RETRIED = r"""
    will (?:be )?re-?tr(?:y|ied) | will (?:keep|continue) (?:re-?)?try | has not yet been delivered | still (?:being
    |trying) | do not need to resend | warning only | will be tried | is still in the queue | delivery attempts? will
    continue | attempts to deliver the message will continue | will continue (?:to|for) | warning: message | delayed |
    no action is required | verzögert | zurückgestellt | weitere zustellversuche | késlelte | nem sikerült még |
    opóźnion | задерж | затрим | retard[ée] | retrasad | ritardat | atrasad | vertraagd | fördröj | försen | forsink |
    viivä | odgođen | zpožd | oneskor | gecik | întârzi | 遅延 | 再送 | 延迟 | 延遲 | 再試行 | 继续尝试
"""
TEMPORARY = r"""
    temporar(?:y|ily) | deferred | not yet been | transient | try again later | vorübergehend | átmeneti | tymczasow |
    временн | temporaire | temporal | temporane | temporári | tijdelijk | tillfällig | midlertidig | tilapäi
"""
# What says that the server has ended its tries, even where the status speaks of a passing fault.
GIVEN_UP = r"""
    not going to try again | giv(?:ing|en) up | in the queue too long | permanent(?:ly)? (?:error|failure|fatal
    |failed)? | retry time(?:out)? (?:was|not )?(?:exceeded|reached) | message expired | queue\.expired | delivery
    time expired | retry timeout exceeded | maximum (?:number of )?delivery attempts | (?:has|have) been (?:deleted
    |removed) from the queue | will not be retried | no further attempts | failed permanently | exceeded maximum |
    endgültig | végleg | permanentn | definitiv | no longer be tried
"""
PERMANENT = r"""
    permanent | fatal error | does(?: not|n't) exist | unknown user | user unknown | no such (?:user|recipient|address
    |mailbox) | not found | giving up | given up | rejected | disabled | invalid | unknown recipient | unrouteable |
    undeliverable | i'm not going to try again | could not be delivered | couldn't be delivered | wasn't delivered |
    cannot be delivered
"""
RETURNED_BELOW = re.compile(f"^[-=>*_|#\\[ \\t]{{0,80}}(?:{alternatives(RETURNED)})", re.IGNORECASE | re.MULTILINE)
TRANSCRIPT_BELOW = re.compile(f"^[-=*_|#> \\t]{{0,80}}(?:{alternatives(TRANSCRIPT)})", re.IGNORECASE | re.MULTILINE)
LABEL = re.compile(rf"(?:{alternatives(LABELS)})[^\w@]{{0,12}}(?:(?:rfc822|smtp)[;:]\s?)?<?$", re.IGNORECASE)
OF_ANOTHER = re.compile(rf"(?<![\w-])(?:{alternatives(FOREIGN)})[^\w@]{{0,12}}$", re.IGNORECASE)
OF_A_HELPER = re.compile(rf"(?<![\w-])(?:{alternatives(CONTACTS)})[^@\n]{{0,60}}$", re.IGNORECASE)
IS_RETRIED = compiled(RETRIED)
IS_TEMPORARY = compiled(TEMPORARY)
IS_GIVEN_UP = compiled(GIVEN_UP)
IS_PERMANENT = compiled(PERMANENT)
