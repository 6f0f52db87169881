"""The configuration of a private Postfix: port 25, submission and SMTPS on loopback; nothing leaves the machine."""

from __future__ import annotations

MAIN = """
compatibility_level = 3.6
queue_directory = {root}/postfix/spool
data_directory = {root}/postfix/data
command_directory = {command_directory}
daemon_directory = {daemon_directory}
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}, /var, /dev/stdout
myhostname = mail.helpdesk.test
mydomain = helpdesk.test
myorigin = helpdesk.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
message_size_limit = 52428800
default_transport = error:5.4.4 this domain is not simulated
relayhost =
disable_dns_lookups = yes
smtp_host_lookup = native
transport_maps =
  inline:{{ {{ defer.test = retry:4.7.1 try again later }}, {{ bounce.test = error:5.1.1 no such user }} }}
relay_domains =
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
virtual_mailbox_maps =
recipient_delimiter = +
smtpd_banner = mail.helpdesk.test ESMTP
smtpd_tls_cert_file = {root}/certs/cert.pem
smtpd_tls_key_file = {root}/certs/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = {root}/run/auth-client
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
minimal_backoff_time = 5s
maximal_backoff_time = 10s
queue_run_delay = 5s
maximal_queue_lifetime = 1h
bounce_queue_lifetime = 1h
header_checks = regexp:{root}/postfix/etc/header_checks
"""

MASTER = """
{smtp} inet n - n - - smtpd
{submission} inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
{smtps} inet n - n - - smtpd
  -o syslog_name=postfix/smtps
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
