# What the packages of every kind say. It is sourced.
# shellcheck shell=sh disable=SC2034
maintainer='The stories-cli authors <stories-cli@example.org>'
client_summary='short-lived stories of a small team, in the terminal'
client_text='Post photos, short videos, text cards and terminal recordings that expire,
look at those of your team, and answer them: as commands for scripts and CI,
or in a terminal UI that works over SSH.'
server_summary='server of short-lived stories for a small team'
server_text='One program and one directory: it needs no database and no other service.
It runs as its own account under systemd, and only this machine reaches it
until you change that.'
