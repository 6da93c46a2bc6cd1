#!/usr/bin/perl
# Reads a dump of pg_dump statement by statement, as psql does, and says what it holds, or gives what its owner may run. What stands
# in a string, in the body of a function, in a comment or in rows is never taken for a statement.
# Usage: dump.pl rows                    "ROWS TABLE" for each table with rows; "ROWS TABLE *" where its partitions have them
#        dump.pl roles                   the roles that it names
#        dump.pl extensions              "NAME SCHEMA" for each extension
#        dump.pl owned OWNER ROLES [MADE…]   the SQL for a session of OWNER's, who has no privileges. ROLES: a list with commas of those that
#                                        OWNER may give things to; MADE: NAME=SCHEMA of the extensions that are there already, with
#                                        their schemas. Standard error says what was left out, and how often
# What ends a transaction, or makes, changes or drops databases, roles and tablespaces, pg_dump does not write: owned ends at it with 1.
# Rows of tables that the dump does not make are an extension's: they are neither listed nor given.
# Names come and go as SQL writes them; what has a line break in its name is not listed. Input and output are a dump without gzip.
# Exit status: 0 done, 1 it is no dump that pg_dump wrote, 64 bad usage
use strict;
use warnings;

my ($mode, $owner, $roles, @made) = @ARGV;
die_with(64, 'usage: dump.pl rows|roles|extensions|owned') unless defined $mode && $mode =~ /^(?:rows|roles|extensions|owned)$/;
my %allowed = map { $_ => 1 } split /,/, $roles // '';
my %made = map { split /=/, $_, 2 } @made;
my %schema = reverse %made;

my $NAME = qr/(?:"(?:[^"\n]|"")+"|[a-z_][a-z0-9_]*)/;
my ($quote, $tag, $depth) = ('', '', 0); # what the scan is inside of: ' E " $ or a comment of this depth
my ($bare, $escaped) = ('', 0); # a statement without comments, and without what is in quotes; whether a string with escapes ended just before
my ($atomic, $large) = (0, 0); # whether a body of statements is open, or the transaction that pg_dump has around large objects
my ($key, %role, %left, %table, %rows, %parent, @later);

sub die_with { my ($status, $text) = @_; print STDERR "$text\n"; exit $status }

# Whether a statement ends with this line; remembers what the next line begins in.
sub scan {
  my $ended = 0;
  for ($_[0]) {
    pos = 0;
    while (pos() < length) {
      if ($quote eq "'") { /\G[^']*/gc; /\G'/gc and $quote = '' }
      elsif ($quote eq 'E') { if (/\G[^'\\]+/gc || /\G''/gc || /\G\\./gcs) { } elsif (/\G'/gc) { ($quote, $escaped) = ('', 1) } else { /\G./gcs } }
      elsif ($quote eq '"') { /\G[^"]*/gc; /\G"/gc and $quote = '' }
      elsif ($quote eq '$') { if (/\G.*?\Q$tag\E/gcs) { $quote = '' } else { pos = length } }
      elsif ($depth) { if (/\G\/\*/gc) { $depth++ } elsif (/\G\*\//gc) { $depth-- } else { /\G.[^\/*]*/gcs } }
      elsif (/\G\s+/gc || /\G--[^\n]*/gc) { $bare .= ' ' }
      elsif (/\G\/\*/gc) { $depth = 1; $ended = 0; $bare .= ' ' }
      elsif (/\G;/gc) { $ended = 1; $escaped = 0; $bare .= ';' }
      else {
        $ended = 0;
        # A string goes on in another one, with its escapes.
        if (/\G[eE]'/gc || $escaped && /\G'/gc) { $quote = 'E'; $bare .= "''" }
        elsif (/\G(['"])/gc) { $quote = $1; $bare .= "$1$1" }
        elsif (/\G(\$(?:[A-Za-z_\x80-\xff][A-Za-z_0-9\x80-\xff]*)?\$)/gc) { ($quote, $tag) = ('$', $1); $bare .= "''" }
        else { /\G([A-Za-z_\x80-\xff][A-Za-z_0-9\$\x80-\xff]*)/gc or /\G([0-9.]+)/gc or /\G(.)/gcs; $bare .= $1 }
        $escaped = 0;
      }
    }
  }
  return $ended && $quote eq '' && !$depth;
}

# The next statement with its comments, and the same without them. The end of the dump is a statement without words.
sub statement {
  my ($text, $words) = ('', '');
  ($bare, $escaped) = ('', 0);
  while (defined(my $line = <STDIN>)) {
    if ($words eq '' && $line =~ /^\\/) {
      # pg_dump locks psql's own commands away with a key that nobody who wrote the content could know.
      if (!defined $key && $line =~ /^\\restrict ([A-Za-z0-9]+)$/) { $key = $1; next }
      if (defined $key && $line eq "\\unrestrict $key\n") { next }
      die_with(1, 'it holds a command of psql, which pg_dump does not write');
    }
    die_with(1, "it is in encoding $1, in which a backslash is part of letters: dump it in UTF8") if $words eq '' && $line =~ /^SET client_encoding = '(SJIS|SHIFT_JIS_2004|BIG5|GBK|GB18030|UHC|JOHAB)';$/;
    $text .= $line;
    if ($words eq '' && $line =~ /^\s*(?:--.*)?$/) { next }
    $words .= $line;
    return ($text, $words) if scan($line);
  }
  return ($text, $words);
}

# What would end the transaction of the restore, so that more than the new database is within reach, or is of the whole server. Any part of
# the text that begins so counts: where one ends, psql and the server know better. No body of statements (BEGIN ATOMIC) has such ones.
sub require_harmless {
  my ($words) = @_;
  my @parts = grep { $_ ne '' } map { s/\s+/ /g; s/^ | $//g; $_ } split /;/, $bare;
  for my $part (@parts) {
    if ($part =~ /^COPY\b/i) {
      my $column = qr/(?:(?:"")+|[a-z_][a-z0-9_]*)/;
      next if @parts == 1 && $words =~ /^COPY .* FROM stdin;$/s && $part =~ /^COPY (?:$column\.)?$column(?: \($column(?:, $column)*\))? FROM stdin$/;
      die_with(1, 'it holds a COPY that pg_dump does not write');
    }
    if ($atomic && $part =~ /^END$/i) { $atomic = 0; next }
    die_with(1, "it holds $1, which pg_dump does not write") if $part =~ /^(BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE TRANSACTION)\b/i
      || $part =~ /^((?:CREATE|ALTER|DROP) (?:DATABASE|ROLE|USER(?! MAPPING\b)|GROUP|TABLESPACE))\b/i
      || $part =~ /^(SET .*\bstandard_conforming_strings\b.*)/i && $part ne 'SET standard_conforming_strings = on';
    if ($part =~ /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) /i) {
      1 while $part =~ s/\([^()]*\)//;
      $atomic = 1 if $part =~ / BEGIN ATOMIC(?! END\b)/i;
    }
  }
}

# The large objects of a dump come in transactions of their own, which end the one of the restore.
sub is_around_large_objects {
  my ($words) = @_;
  return 0 if $atomic || $words ne ($large ? "COMMIT;\n" : "BEGIN;\n");
  $large = !$large;
  return 1;
}

sub left { my ($what) = @_; $left{$what}++; return 0 }

# A statement that may be beyond the owner's rights, as on a function of an extension: then it is said, and the rest goes on.
my $tag_of_run = do { open my $random, '<', '/dev/urandom' or die_with(1, 'no random numbers'); read $random, my $bytes, 16; unpack 'H*', $bytes };
sub tolerated {
  my ($words) = @_;
  chomp $words;
  return "DO \$d$tag_of_run\$ BEGIN\n$words\nEXCEPTION WHEN insufficient_privilege THEN RAISE WARNING 'left out, for want of the right: %', \$q$tag_of_run\$$words\$q$tag_of_run\$; END \$d$tag_of_run\$;\n";
}

# A view whose query fails is left without rows, as for a policy that asks for a setting that no restore has. The text may be of the owner's.
sub filled {
  my ($view) = @_;
  return "DO \$d$tag_of_run\$ BEGIN\nREFRESH MATERIALIZED VIEW $view;\nEXCEPTION WHEN OTHERS THEN RAISE WARNING 'materialized view % is not filled: %', \$q$tag_of_run\$$view\$q$tag_of_run\$, pg_catalog.regexp_replace(SQLERRM, '[[:cntrl:]]', '?', 'g'); END \$d$tag_of_run\$;\n";
}

# What a session without privileges runs of this statement; ownership by others comes when they have got their rights.
sub owned {
  my ($text, $words) = @_;
  return '' unless is_owned($words);
  if ($words =~ /^ALTER (?!DEFAULT PRIVILEGES)(.+) OWNER TO ($NAME);$/s && $2 ne $owner) { push @later, tolerated($words); return '' }
  return tolerated($words) if $words =~ /^(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES|COMMENT ON EXTENSION) /;
  return filled($1) if $words =~ /^REFRESH MATERIALIZED VIEW ($NAME\.$NAME);$/;
  return $text;
}

sub is_owned {
  my ($words) = @_;
  return left("owned by $2") if $words =~ /^ALTER (?!DEFAULT PRIVILEGES)(.+) OWNER TO ($NAME);$/s && !$allowed{$2};
  return left("default privileges of $1") if $words =~ /^ALTER DEFAULT PRIVILEGES FOR ROLE ($NAME) / && !$allowed{$1};
  # Else a materialised view of a table whose policies hold for its owner as well could not be filled.
  return 0 if $words eq "SET row_security = off;\n";
  return 0 if $words =~ /^(?:SET|RESET) SESSION AUTHORIZATION\b/;
  return 0 if $words =~ /^(?:CREATE EXTENSION IF NOT EXISTS|COMMENT ON EXTENSION) ($NAME) / && exists $made{$1};
  return 0 if $words =~ /^CREATE SCHEMA ($NAME);$/ && exists $schema{$1};
  return 1;
}

sub note_roles {
  my ($words) = @_;
  $role{$1} = 1 if $words =~ /^ALTER (?!DEFAULT PRIVILEGES).+ OWNER TO ($NAME);$/s || $words =~ /^ALTER DEFAULT PRIVILEGES FOR ROLE ($NAME) / || $words =~ /^SET SESSION AUTHORIZATION ($NAME);$/;
  $role{$1} = 1 if $words =~ /^(?:ALTER DEFAULT PRIVILEGES .*)?(?:GRANT|REVOKE) .* (?:TO|FROM) ($NAME)(?: WITH GRANT OPTION)?;$/s;
  if ($words =~ /^CREATE POLICY $NAME ON (?:$NAME\.)?$NAME(?: AS RESTRICTIVE)?(?: FOR [A-Z]+)? TO ($NAME(?:, $NAME)*)(?: USING | WITH CHECK |;)/) {
    my $names = $1;
    $role{$1} = 1 while $names =~ /($NAME)/g;
  }
}

# Where rows are not for pg_dump to put into a partition, as by the hash of an enum, they are copied into the partitioned table. Which of
# its partitions they are in is not compared then.
sub counted {
  my ($table, $whole) = @_;
  my %passed;
  for (my $at = $table; defined $at && !$passed{$at}++; $at = $parent{$at}) { return "$at *" if $whole->{$at} && exists $rows{$at} }
  return $table;
}

binmode STDIN;
binmode STDOUT;
while (1) {
  my ($text, $words) = statement();
  last if $text eq '';
  next if is_around_large_objects($words);
  require_harmless($words) if $mode eq 'owned';
  my $copy = $words =~ /^COPY ($NAME\.$NAME|$NAME)(?: \(.*\))? FROM stdin;$/s ? $1 : $words =~ /^COPY .* FROM stdin;$/s ? '' : undef;
  $table{$1} = 1 if $words =~ /^CREATE (?:UNLOGGED |FOREIGN )?TABLE ($NAME\.$NAME) /;
  my $extensions = defined $copy && $copy ne '' && !$table{$copy};
  $parent{$2} = $1 if $words =~ /^ALTER TABLE ONLY ($NAME\.$NAME) ATTACH PARTITION ($NAME\.$NAME) /;
  print owned($text, $words) if $mode eq 'owned' && !$extensions;
  note_roles($words) if $mode eq 'roles' && !defined $copy;
  print "$1 $2\n" if $mode eq 'extensions' && $words =~ /^CREATE EXTENSION IF NOT EXISTS ($NAME) WITH SCHEMA ($NAME);$/;
  next unless defined $copy;
  my $rows = 0;
  while (defined(my $line = <STDIN>)) {
    print $line if $mode eq 'owned' && !$extensions;
    last if $line =~ /^\\\.\r?\n$/;
    $rows++;
  }
  $left{"rows of $copy, a table of an extension"} += $rows if $extensions && $rows && $mode eq 'owned';
  $rows{$copy} += $rows if $copy ne '' && !$extensions;
}
print @later if $mode eq 'owned';
if ($mode eq 'rows') {
  my %sum;
  my %whole = map { $_ => 1 } values %parent;
  $sum{counted($_, \%whole)} += $rows{$_} for keys %rows;
  print map { "$sum{$_} $_\n" } sort keys %sum;
}
die_with(1, 'it ends inside of a statement') if $quote ne '' || $depth;
print map { "$_\n" } grep { !/^(?:"?postgres"?|public|"?pg_.*)$/ } sort keys %role if $mode eq 'roles';
print STDERR map { "$_: $left{$_}\n" } sort keys %left;
