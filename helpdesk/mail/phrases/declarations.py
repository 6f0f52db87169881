"""Sentences by which a mail says of itself that it is an automatic answer; written as `phrases.away` has its own."""

from __future__ import annotations

# What only a program says of the mail that it writes. "An automatic message" is not here: bills and alarms say so.
DECLARATIONS = {
    "en": "this is an automat* reply | this is an automat* response | this is an automat* answer"
    " | this is an automat* acknowledg* | this is an automat* email response | this is an automat* generated reply"
    " | this is an automat* generated response | this is an auto reply | this is an auto response",
    "de": "dies ist eine automatische antwort | das ist eine automatische antwort"
    " | dies ist eine automatisch generierte antwort | dies ist eine automatische eingangsbestätigung",
    "hu": "ez egy automatikus válasz* | ez automatikus válasz* | ez egy automatikusan küldött válasz*",
    "pl": "to jest automatyczna odpowiedź | to jest odpowiedź automatyczna | to automatyczna odpowiedź",
    "ru": "это автоматический ответ | это автоответ",
    "uk": "це автоматична відповідь",
    "hr": "ovo je automatski odgovor | ovo je automatska potvrda",
    "sl": "to je samodejni odgovor | to je avtomatski odgovor",
    "cs": "toto je automatická odpověď | jedná se o automatickou odpověď",
    "sk": "toto je automatická odpoveď | ide o automatickú odpoveď",
    "fr": "ceci est une réponse automatique | il s'agit d'une réponse automatique",
    "es": "esta es una respuesta automática | este es un mensaje de respuesta automática",
    "it": "questa è una risposta automatica",
    "pt": "esta é uma resposta automática",
    "nl": "dit is een automatisch antwoord | dit is een automatische reactie | dit is een automatische beantwoording",
    "sv": "detta är ett automatiskt svar | detta är ett autosvar",
    "da": "dette er et automatisk svar | dette er et autosvar",
    "fi": "tämä on automaattinen vastaus | tämä on automaattivastaus",
    "ro": "acesta este un răspuns automat",
    "tr": "bu otomatik bir yanıttır | bu bir otomatik yanıttır",
    "ja": "これは自動返信 | このメールは自動返信 | 本メールは自動返信",
    "zh": "这是自动回复 | 此为自动回复 | 這是自動回覆",
}
