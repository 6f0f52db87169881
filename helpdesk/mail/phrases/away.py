"""The words of automatic answers: what stands before their subjects, in them, and at the beginning of their texts.

In these tables ``|`` stands between phrases, ``*`` for the rest of a word, ``_`` for up to five words; a space may be
missing or be a hyphen. `helpdesk.mail.away` says how strong a sign each table is.
"""

from __future__ import annotations

# Only programs put these before a subject: Exchange, Outlook and Domino by the language of who is away, and others.
PREFIXES = {
    "en": "automatic reply | automated reply | auto reply | automatic response | automated response"
    " | auto response | auto respons | automatic answer | automated answer | automatic email reply"
    " | automated email response | out of office autoreply | out of the office autoreply"
    " | out of office auto reply | out of office reply | out of office response"
    " | out of office automatic reply | automatic out of office reply | vacation reply"
    " | vacation response | vacation autoreply | vacation message | out of office notification"
    " | out of office message | automatic reply to | automated response to | automatic response to"
    " | auto response to | autoreply to | out of office notice | automatic acknowledgement"
    " | automatic acknowledgment | away message | automatic e-mail response | autoresponse"
    " | auto-generated reply | automatic notification of absence | out of office auto-reply"
    " | out of office autoresponse | away from office autoreply | automatic mail reply | autoresponder",
    "de": "automatische antwort | automatische rückmeldung | automatische antwortmail | automatische abwesenheits*"
    " | automatische eingangsbestätigung | automatische e-mail antwort | automatische antwort auf"
    " | abwesenheitsnotiz* | abwesenheitsmeldung | abwesenheitsnachricht | abwesenheitsbenachrichtigung"
    " | abwesenheitsassistent | abwesenheitsmitteilung | abwesenheitsinfo* | abwesenheitsagent | autoantwort",
    "hu": "automatikus válasz* | automatikus visszajelzés | autoválasz | házon kívüli üzenet"
    " | házon kívüli válasz | házon kívüli értesítés | távolléti üzenet | távolléti értesít*"
    " | távolléti válasz* | távollét értesítő | automatikus üzenet | automata válasz*"
    " | automatikus távolléti",
    "pl": "automatyczna odpowiedź | odpowiedź automatyczna | autoodpowiedź | odpowiedź z automatu"
    " | auto odpowiedź | automatyczne potwierdzenie | odpowiedź autorespondera | komunikat o nieobecności"
    " | wiadomość automatyczna | automatyczna wiadomość | odpowiedź automatyczna w czasie nieobecności",
    "ru": "автоматический ответ | автоответ | автоответчик | автоматическое сообщение"
    " | автоматический ответ об отсутствии | автоматическое уведомление",
    "uk": "автоматична відповідь | автовідповідь | автовідповідач | автоматичне повідомлення | автоматичне сповіщення",
    "bg": "автоматичен отговор",
    "bs": "automatski odgovor | auto odgovor | automatska poruka | automatsko obavještenje | automatski odgovor na",
    "sr": "аутоматски одговор",
    "mk": "автоматски одговор",
    "sl": "samodejni odgovor | avtomatski odgovor | avtomatsko sporočilo | samodejni odziv",
    "cs": "automatická odpověď | automatické odpovědi | automaticky odpověď | automatická zpráva"
    " | automatická odpověď v nepřítomnosti",
    "sk": "automatická odpoveď | automatická odpoveď mimo kancelárie | automaticka odpoved mimo",
    "fr": "réponse automatique | réponse automatique d'absence | réponse automatique d'absence du bureau"
    " | message d'absence | notification d'absence | avis d'absence | réponse auto | réponse d'absence"
    " | message automatique | réponse automatique absence | réponse automatisée",
    "es": "respuesta automática | respuesta automática de fuera de oficina"
    " | respuesta automática fuera de oficina | autorrespuesta | auto respuesta | contestación automática"
    " | aviso de ausencia | respuesta automatizada | mensaje automático | respuesta de ausencia",
    "ca": "resposta automàtica",
    "eu": "erantzun automatikoa",
    "it": "risposta automatica | risposta automatica fuori sede | risposta automatica fuori ufficio"
    " | risponditore automatico | messaggio di assenza | risposta fuori sede"
    " | risposta automatica di assenza | autorisposta",
    "pt": "resposta automática | resposta automática de ausência | resposta automática de ausência temporária"
    " | auto resposta | aviso de ausência | mensagem de ausência | resposta de ausência"
    " | resposta automatica",
    "nl": "automatisch antwoord | automatisch afwezigheidsbericht | afwezigheidsbericht | afwezigheidsmelding"
    " | afwezigheidsassistent | automatische beantwoording | automatische reactie | automatisch bericht"
    " | out of office antwoord",
    "sv": "autosvar | automatiskt svar | automatsvar | frånvaromeddelande | autosvar vid frånvaro"
    " | automatiskt meddelande | autosvar frånvaro",
    "da": "automatisk svar | automatisk svarmeddelelse | fraværsbesked | autosvar fravær | autosvar"
    " | automatisk besked",
    "no": "fraværsmelding | automatisk fraværsmelding | fraværsassistent | automatisk svar | autosvar",
    "fi": "automaattinen vastaus | automaattivastaus | automaattinen poissaolo* | poissaoloilmoitus"
    " | poissaoloviesti | automaattinen vastausviesti | poissaolovastaus",
    "et": "automaatvastus | automaatne vastus",
    "lv": "automātiska atbilde | automātiskā atbilde",
    "lt": "automatinis atsakymas | automatinis atsakas",
    "ro": "răspuns automat | răspuns automat absență | mesaj automat | răspuns automatizat",
    "el": "αυτόματη απάντηση",
    "tr": "otomatik yanıt | otomatik cevap | otomatik mesaj | otomatik yanit",
    "id": "balasan otomatis | jawaban otomatis",
    "vi": "trả lời tự động | tự động trả lời",
    "ja": "自動応答 | 自動返信 | 自動返信メール | 自動応答メール | 不在通知 | 不在応答 | 不在のお知らせ"
    " | 自動回答 | 自動返答",
    "zh": "自动回复 | 自动答复 | 自动回覆 | 自動回覆 | 自動答覆 | 自動回復 | 自动回信 | 自動回信 | 自动应答"
    " | 外出自动回复",
    "ko": "자동 회신 | 자동 응답 | 자동 답장 | 부재중 자동 응답 | 부재중 자동 회신 | 자동회신 | 자동응답",
    "he": "תשובה אוטומטית | מענה אוטומטי",
    "ar": "رد تلقائي | الرد التلقائي | رد آلي",
    "th": "การตอบกลับอัตโนมัติ | ตอบกลับอัตโนมัติ",
    "hi": "स्वचालित उत्तर",
}

# People write these as well: to their colleagues, to us, about their holidays.
ABSENCE = {
    "en": "auto: | out of office | out of the office | out of my office | outofoffice | ooo | oof | on vacation"
    " | vacation | on annual leave | annual leave | on leave | on holiday* | i am out of | i'm out of"
    " | i am out of office | i'm out of office | i am out of the office | i'm out of the office"
    " | i am away | i'm away | i am currently | i'm currently | i am on | i'm on | away from my mail"
    " | away from my e-mail | away from the office | away from office | away from my desk | away until"
    " | currently away | currently out of | maternity leave | parental leave | sick leave"
    " | paternity leave | no longer with | not in the office | unavailable | away | out until"
    " | out of town | travelling | traveling | gone fishing | back on | on sabbatical | on parental leave"
    " | on maternity leave | i'm off | business trip",
    "de": "abwesend | abwesenheit* | nicht im hause | nicht im haus | nicht im büro | nicht im dienst"
    " | im urlaub | ich bin im urlaub | ich bin nicht | ich bin außer haus | außer haus | urlaub"
    " | urlaubsabwesenheit | elternzeit | bin im urlaub | bin nicht im büro | krank | dienstreise"
    " | mutterschutz | im urlaub bis | betriebsferien",
    "hu": "házon kívül | irodán kívül | szabadságon | szabadság | szabadság miatt | távollét* | távol"
    " | nem vagyok | távollét | házon kívül vagyok | nyaralás | gyes* | betegállomány",
    "pl": "nieobecność | nieobecny | nieobecna | poza biurem | urlop* | jestem na urlopie | jestem poza"
    " | jestem nieobecn* | na urlopie | poza biurem do | zwolnienie | delegacja | jestem na zwolnieniu",
    "ru": "вне офиса | не в офисе | отсутств* | нет на месте | нет на работе | нет в офисе | в отпуске | отпуск"
    " | я в отпуске | в командировке | командировка | отсутствие | отсутствую | на больничном",
    "uk": "поза офісом | відсутн* | у відпустці | відпустка | у відрядженні | відсутність | на лікарняному"
    " | немає на місці",
    "bg": "извън офиса | отсъств*",
    "bs": "odsutan | odsutna | odsutnost | odsutni | izvan ureda | van kancelarije | godišnji odmor"
    " | na godišnjem odmoru | na odmoru | nisam u uredu | nisam u kancelariji | odmor | bolovanje"
    " | službeni put | van ureda | izvan kancelarije",
    "sl": "odsoten | odsotna | odsotnost | dopust | na dopustu | nisem v pisarni | službena pot | letni dopust"
    " | izven pisarne",
    "cs": "mimo kancelář* | mimo úřad | dovolená | na dovolené | nepřítomnost | nepřítomen | nejsem v kanceláři"
    " | nejsem přítomen | nejsem přítomna | mimo kancelář | služební cesta | jsem na dovolené",
    "sk": "mimo kancelári* | dovolenka | na dovolenke | neprítomnosť | mimo pracoviska | nie som v kancelárii"
    " | služobná cesta | som na dovolenke | neprítomný | neprítomná",
    "fr": "absence | absence du bureau | absent | absente | absent du bureau | absente du bureau | congés"
    " | en congé* | hors du bureau | je suis absent* | je suis en congé* | en vacances | vacances"
    " | indisponible | en déplacement | absence jusqu'au | congé maternité",
    "es": "fuera de la oficina | fuera de oficina | fuera de la empresa | ausente | ausencia* | vacaciones"
    " | de vacaciones | fuera de oficina hasta | estoy fuera | no disponible | de viaje",
    "it": "fuori sede | fuori ufficio | assente | assenza | in ferie | ferie | non in sede | non in ufficio"
    " | non sono in ufficio | sono in ferie | fuori per | in vacanza | in trasferta",
    "pt": "fora do escritório | fora da empresa | ausente | ausência* | férias | de férias | em férias"
    " | estou de férias | fora do escritorio | de licença | em viagem",
    "nl": "afwezig | afwezigheid | niet aanwezig | niet op kantoor | buiten kantoor | met verlof | met vakantie"
    " | vakantie | op vakantie | niet bereikbaar | ik ben afwezig | verlof",
    "sv": "frånvaro | frånvarande | inte på kontoret | semester | på semester | ej på kontoret | tjänstledig"
    " | föräldraledig | jag har semester | ledig | på tjänsteresa | inte på plats",
    "da": "fraværende | fravær | ikke til stede | ikke på kontoret | ferie | på ferie | på barsel"
    " | holder ferie | jeg holder ferie | har ferie | barsel | på kursus",
    "no": "fraværende | fravær | ikke på kontoret | på ferie | ferie | på kurs | permisjon | ikke til stede"
    " | foreldrepermisjon",
    "fi": "poissa | poissa toimistosta | lomalla | en ole paikalla | poissaolo | vuosilomalla | olen lomalla"
    " | en ole toimistolla | virkamatkalla",
    "ro": "în concediu | concediu | absent din birou | nu sunt la birou | în afara biroului | sunt în concediu"
    " | plecat din birou | lipsă de la birou",
    "el": "εκτός γραφείου | απουσία",
    "tr": "ofis dışında* | işyeri dışında* | izindeyim | izinli | yıllık izin* | tatildeyim | ofis dışındayım"
    " | ofis disi*",
    "ja": "不在 | 不在です | 休暇中 | 外出中 | 休暇 | 出張中 | 外出 | 不在連絡",
    "zh": "外出 | 休假 | 不在办公室 | 不在辦公室 | 度假 | 出差 | 不在 | 休假中",
    "ko": "부재중 | 휴가중 | 부재 | 휴가 | 출장",
}

# What the text of an automatic answer says near its beginning. ``This is an automatic message`` is not among them: it
# stands in bills and alarms, which answer nothing.
SENTENCES = {
    "en": "this is an automat* reply | this is an automat* response | this is an automat* answer | automatic reply"
    " | this is an automat* acknowledg* | this is an autoreply | automated reply | automated response"
    " | automatic response | auto generated response | autoreply | autoresponder | out of office reply"
    " | i am _ out of the office | i am _ out of office | i'm _ out of the office | i'm _ out of office"
    " | i will be _ out of the office | i will be _ out of office | i'll be _ out of the office"
    " | currently out of office | currently out of the office | i am _ away | i'm _ away | i will be _ away"
    " | i am _ on leave | i am _ on vacation | i'm _ on vacation | i am _ on holiday* | i'm _ on holiday*"
    " | i will be _ on vacation | i will be _ on leave | on annual leave | on maternity leave"
    " | on parental leave | limited access to _ mail | limited access to _ email* | no access to _ email*"
    " | no longer with | no longer employed | has left the company | we have received your message"
    " | we have received your email | we have received your request | we have received your enquiry"
    " | we have received your inquiry | we've received your message | we've received your email"
    " | we've received your request | your request has been received | your message has been received"
    " | your email has been received | your enquiry has been received | your inquiry has been received"
    " | your ticket has been created | a ticket has been created for | a ticket has been opened"
    " | has been received and is being reviewed | will respond when i return | will reply when i return",
    "de": "automatisch* antwort | ich bin _ nicht im | ich bin _ abwesend | ich bin _ im urlaub"
    " | ich bin _ außer haus | ich bin _ nicht erreichbar | bin ich nicht im | bin ich _ wieder"
    " | nicht im büro | nicht im hause | ihre e-mail wird nicht | ihre anfrage ist bei uns eingegangen"
    " | wir haben ihre anfrage erhalten | wir haben ihre nachricht erhalten | wir haben ihre e-mail erhalten",
    "hu": "automatikus válasz* | szabadságon | szabadságomat | házon kívül | irodán kívül | távol vagyok"
    " | távol leszek | levelét megkaptuk | megkeresését megkaptuk | üzenetét megkaptuk | levele megérkezett",
    "pl": "automatyczna odpowiedź | odpowiedź automatyczna | jestem _ na urlopie | jestem _ nieobecn*"
    " | jestem _ poza | będę _ nieobecn* | przebywam na urlopie | przebywam poza | otrzymaliśmy _ wiadomość"
    " | zgłoszenie zostało przyjęte | zgłoszenie zostało zarejestrowane",
    "ru": "автоматический ответ | автоответ | нахожусь _ отпуск* | нахожусь _ командировк* | буду отсутствовать"
    " | отсутствую | я в отпуске | ваше обращение _ зарегистрирован* | ваше письмо получено",
    "uk": "автоматична відповідь | у відпустці | я відсутн*",
    "bs": "automatski odgovor | na godišnjem odmoru | odsutan sam | odsutna sam | nisam u uredu | nisam u kancelariji",
    "sl": "samodejni odgovor | na dopustu | odsoten | odsotna",
    "cs": "automatická odpověď | na dovolené | mimo kancelář | nejsem v kanceláři | čerpám dovolenou",
    "sk": "automatická odpoveď | na dovolenke | mimo kancelárie | čerpám dovolenku",
    "fr": "réponse automatique | je suis _ absent* | je serai _ absent* | je suis _ en congé*"
    " | je suis _ indisponible | je suis en déplacement | absent du bureau | absente du bureau"
    " | nous avons bien reçu votre message | nous avons bien reçu votre demande"
    " | nous avons bien reçu votre mail | nous avons bien reçu votre e-mail | votre demande a bien été"
    " | votre message a bien été",
    "es": "respuesta automática | estoy _ fuera de | estaré _ fuera de | me encuentro _ fuera de | vuelvo el"
    " | volveré el | regresaré el"
    " | estoy de vacaciones | estaré de vacaciones | me encuentro de vacaciones | estaré ausente"
    " | hemos recibido su mensaje | hemos recibido su correo | hemos recibido su solicitud"
    " | hemos recibido su consulta",
    "it": "risposta automatica | sono _ assente | sono _ in ferie | sarò _ assente | sarò _ in ferie"
    " | sono _ fuori ufficio | sarò _ fuori ufficio | abbiamo ricevuto la sua richiesta"
    " | abbiamo ricevuto la sua e-mail",
    "pt": "resposta automática | estou _ ausente | estarei _ ausente | estou de férias | estarei de férias"
    " | encontro-me _ ausente | encontro-me de férias | recebemos a sua mensagem | recebemos sua mensagem",
    "nl": "automatisch antwoord | ik ben _ afwezig | ik ben _ met verlof | ik ben _ met vakantie"
    " | ik ben _ niet op kantoor | ik ben _ op vakantie | wij hebben uw bericht | wij hebben uw e-mail",
    "sv": "autosvar | automatiskt svar | jag är _ semester | jag är _ frånvarande | inte på kontoret"
    " | jag har semester | jag är ledig | är på semester",
    "da": "automatisk svar | jeg er _ ferie | jeg holder ferie | ikke på kontoret | jeg har ferie"
    " | jeg er _ fraværende | er på ferie",
    "fi": "automaattinen vastaus | automaattivastaus | olen _ lomalla | olen _ poissa | en ole _ paikalla",
    "ro": "răspuns automat | sunt în concediu | voi fi în concediu | nu sunt la birou",
    "tr": "otomatik yanıt | otomatik cevap | izindeyim | ofis dışındayım | yıllık izin*",
    "el": "αυτόματη απάντηση | εκτός γραφείου",
    "ja": "自動返信 | 自動応答 | 不在にし | 休暇をいただ | 休暇中",
    "zh": "自动回复 | 自动答复 | 自動回覆 | 休假 | 不在办公室",
    "ko": "자동 회신 | 자동 응답 | 부재중 | 휴가",
}

# What automatic answers say as well, thanks and hints of an absence; people and other programs write so, too, so these
# count only in a mail that answers one.
HINTS = {
    "en": "i will be back on | i am back on | back in the office on | will be returning on"
    " | i am out of the office | my return on | out until | on sick leave | on paternity leave"
    " | not available until | unavailable until | away from my desk | thank you for contacting"
    " | thanks for contacting | thank you for your e-mail | thank you for you e-mail"
    " | thank you for your message | thank you for your mail | thanks for your e-mail"
    " | thanks for your message | thank you for your enquiry | thank you for your inquiry"
    " | thank you for writing | thank you for getting in touch | thanks for getting in touch"
    " | thanks for reaching out | thank you for reaching out | endeavour to reply | endeavour to respond"
    " | endeavor to respond | will get back to you",
    "de": "bin ich bis | bin bis _ nicht | ich befinde mich _ urlaub | ich befinde mich _ elternzeit"
    " | ab dem _ wieder erreichbar | bin _ wieder erreichbar | bin _ wieder im büro"
    " | derzeit nicht erreichbar | ich bin in elternzeit | ich bin vom _ nicht | ihre nachricht wird nicht"
    " | wird nicht weitergeleitet | vielen dank für ihre | danke für ihre | vielen dank für deine"
    " | danke für deine | vielen dank für ihr schreiben | ist bei uns eingegangen | werden uns _ melden",
    "hu": "nem vagyok elérhető | nem leszek elérhető | nem tartózkodom | ismét elérhető | újra elérhető"
    " | betegállományban | köszönjük levelét | köszönjük üzenetét | köszönjük megkeresését"
    " | köszönöm levelét | levelét megkaptuk",
    "pl": "nieobecn* w biurze | nie ma mnie w | wracam | jestem na zwolnieniu | w pilnych sprawach | wrócę"
    " | dziękujemy za wiadomość | dziękuję za wiadomość | dziękujemy za kontakt | dziękujemy za przesłanie",
    "ru": "нахожусь вне офиса | не в офисе | меня не будет | нет на рабочем месте | вернусь"
    " | автоматическое уведомление | по срочным вопросам | спасибо за _ письмо | спасибо за _ обращение",
    "uk": "перебуваю у відпустці | мене не буде | повернуся | автовідповідь | я у відпустці | буду відсутн*"
    " | дякуємо за | дякую за",
    "bs": "na odmoru | na bolovanju | odsutan | odsutna | nisam dostup* | vraćam se | van kancelarije"
    " | izvan ureda | automatska poruka | hvala na poruci | hvala vam na | vašu poruku smo | javit ćemo"
    " | javićemo",
    "sl": "vrnem se | avtomatski odgovor | nisem dosegljiv* | odsotnost | hvala za vaše | odgovorili vam bomo",
    "cs": "nejsem k dispozici | vrátím se | nejsem přítomen | nejsem přítomna | nepřítomen | nepřítomna"
    " | čerpám _ dovolenou | děkujeme za | děkuji za | ozveme se",
    "sk": "nie som v kancelárii | vrátim sa | nie som k dispozícii | neprítomn* | ďakujeme za | ďakujem za | ozveme sa",
    "fr": "de retour le | en vacances | en congés | je ne suis pas | actuellement absent* | absent* jusqu'au"
    " | absent* du | en arrêt maladie | congé maternité | merci pour votre",
    "es": "regreso el | fuera de la oficina | de vacaciones"
    " | ausente hasta | no estaré disponible | en estos momentos no | gracias por contactar | gracias por su"
    " | gracias por tu | gracias por escribir*",
    "it": "rientro il | rientrerò | tornerò | fuori sede | fuori ufficio | in ferie | non sono in ufficio"
    " | sarò di ritorno | grazie per averci | grazie per la | grazie per il",
    "pt": "volto no dia | regresso | retorno | de férias | fora do escritório | ausente até | estou fora"
    " | obrigado por | obrigada por | obrigado pelo | obrigada pelo",
    "nl": "ik ben _ terug | niet aanwezig | afwezig | met verlof | op vakantie | ben ik weer"
    " | geen toegang tot mijn | bedankt voor | dank voor uw | hartelijk dank | dank u wel voor",
    "sv": "på semester | tillbaka den | åter den | är ledig | föräldraledig | frånvarande | inte på plats"
    " | tjänsteresa | åter på kontoret | tack för ditt | tack för din | tack för att du | vi återkommer",
    "da": "på ferie | tilbage den | fraværende | er på barsel | ikke til stede | har fri | tak for din"
    " | tak for jeres | mange tak for | vi vender tilbage",
    "no": "automatisk svar | jeg er _ ferie | jeg har ferie | jeg er _ fraværende | er på ferie"
    " | tilbake på kontoret | tilbake den | er ikke på kontoret | foreldrepermisjon | takk for din"
    " | takk for at",
    "fi": "palaan | lomalla | poissa toimistolta | äitiyslomalla | vuosilomalla | en ole tavoitettavissa"
    " | kiitos viestistä* | kiitos yhteydenotosta*",
    "ro": "concediu de odihnă | în concediu | revin la birou | nu sunt disponibil* | lipsesc din birou"
    " | în afara biroului | vă mulțumim pentru | mulțumim pentru | vom reveni",
    "tr": "izinde | izinliyim | ofis dışında | ofiste değilim | dönüş tarihim | tatildeyim | yıllık iznimi"
    " | mesajınız için teşekkür* | e-postanız için teşekkür*",
    "el": "σε άδεια | βρίσκομαι σε άδεια | απουσιάζω | ευχαριστούμε για | σας ευχαριστούμε",
    "ja": "不在 | 休暇 | 留守 | 外出して | 出張中 | 自動送信 | お問い合わせ _ ありがとう | お問い合わせいただき"
    " | 受け付けました | 受付いたしました",
    "zh": "外出 | 出差 | 我正在度假 | 不在辦公室 | 無法及時 | 无法及时 | 自动回覆 | 感谢您的 | 感謝您的 | 谢谢您的"
    " | 邮件已收到 | 来信已收到 | 来信收到 | 已收到您的",
    "ko": "자동으로 | 자리를 비 | 출장 | 부재 | 문의해 주셔서 | 메일을 보내주셔서",
}
