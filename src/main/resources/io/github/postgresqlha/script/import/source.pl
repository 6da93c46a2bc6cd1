#!/usr/bin/perl
# Where a database is imported from, as libpq reads it: a service file, a passfile and the authority's certificate, so that none of it
# is in an argument or in the environment of a program. Nothing that it was told is in a message: a password may stand where it does not belong.
# Usage: source.pl FOLDER   FOLDER is in memory; the files are pg_service.conf, passfile and ca.crt
# Standard input: a URL as postgresql://user:password@host:5432/database?sslmode=require, and after its line the authority's certificate, where
#              there is one. Where it is empty, the environment says it
# Environment: IMPORT_HOST, IMPORT_PORT (5432), IMPORT_DATABASE, IMPORT_USER, IMPORT_SSLMODE (require), IMPORT_DIRECTORY with the files
#              password and ca.crt. IMPORT_PASSFILE_AUTH: methods of require_auth, where libpq knows it
# Exit status: 0 done, 64 it cannot be used: each reason on a line of its own
use strict;
use warnings;

my ($folder) = @ARGV;
my (%source, @problems, $password, $authority);
my %sslmodes = map { $_ => 1 } qw(disable allow prefer require verify-ca verify-full);
# What a URL of a driver may have beside, and what has no meaning here.
my %ignored = map { $_ => 1 } qw(application_name connect_timeout keepalives keepalives_idle keepalives_interval keepalives_count
  tcp_user_timeout gssencmode client_encoding fallback_application_name prepared_statement_cache_size statement_cache_size command_timeout);

my $unquoted = 'the host of the source is no name or address: are @, /, : and % in the password written as %40, %2F, %3A and %25?';

sub problem { push @problems, $_[0]; return '' }
sub decoded { my ($text) = @_; $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; return $text }
sub content { my ($file) = @_; open my $in, '<:raw', $file or return undef; local $/; return scalar <$in> }

# An editor leaves a line break at the end.
sub from_files {
  my $folder = $ENV{IMPORT_DIRECTORY} // '';
  %source = (host => $ENV{IMPORT_HOST}, port => $ENV{IMPORT_PORT} // 5432, dbname => $ENV{IMPORT_DATABASE} // '', user => $ENV{IMPORT_USER} // '', sslmode => $ENV{IMPORT_SSLMODE} // 'require');
  $password = content("$folder/password");
  problem("the password of the source is not there yet: the Secret, or its key, that bootstrap.fromDatabase names is missing") unless defined $password && $password =~ /[^\n]/;
  $password =~ s/\n+\z// if defined $password;
  $authority = content("$folder/ca.crt");
}

sub given {
  return '' if -t STDIN;
  local $/;
  my $text = <STDIN> // '';
  $text =~ s/\A\s+//;
  return $text;
}

sub from_url {
  my ($text) = @_;
  my ($url, $rest) = $text =~ /\A([^\n]*)\n?(.*)\z/s;
  $url =~ s/\s+\z//;
  $authority = $rest if $rest =~ /\S/;
  return problem('no URL on standard input: give it as postgresql://user:password@host:5432/database, by kubectl exec -i and a file') if $url eq '';
  my ($server, $path, $query) = $url =~ m{\A(?:postgresql|postgres)(?:\+[a-z0-9_]+)?://([^/?]*)(?:/([^?]*))?(?:\?(.*))?\z}s
    or return problem('what is on standard input is no URL as postgresql://user:password@host:5432/database');
  # A / of a password ends what names the server.
  return problem($unquoted) if ($path // '') =~ m{[@/]};
  my ($user, $hosts) = $server =~ /\A(?:(.*)@)?(.*)\z/s;
  ($user, $password) = defined $user ? $user =~ /\A([^:]*)(?::(.*))?\z/s : ('', undef);
  $password = decoded($password) if defined $password;
  hosts(split /,/, $hosts) if $hosts ne '';
  @source{qw(user dbname sslmode)} = (decoded($user), decoded($path // ''), 'prefer');
  parameters(grep { $_ ne '' } split /&/, $query // '');
  problem('the URL names no password') unless defined $password && $password ne '';
}

# "host", "host:port", "[address]:port"; one after the other
sub hosts {
  for my $host (@_) {
    my ($name, $port) = $host =~ /\A\[([^\]]*)\](?::(.*))?\z/ ? ($1, $2) : $host =~ /\A([^:]*)(?::(.*))?\z/ ? ($1, $2) : ('', undef);
    push @{ $source{hosts} }, decoded($name);
    push @{ $source{ports} }, $port // 5432;
  }
}

sub parameters {
  my %given;
  for (@_) {
    my ($key, $value) = /\A([a-z_]+)=(.*)\z/s or problem('a parameter of the URL is not KEY=VALUE') , next;
    $value = decoded($value);
    next if $ignored{$key} || ($key eq 'sslrootcert' && defined $authority);
    if ($key eq 'host') { hosts(split /,/, $value) }
    elsif ($key eq 'port') { $given{ports} = [split /,/, $value] }
    elsif ($key eq 'user' || $key eq 'dbname' || $key eq 'sslmode') { $source{$key} = $value }
    elsif ($key eq 'ssl') { $source{sslmode} = $value }
    elsif ($key eq 'password') { $password = $value }
    elsif ($key eq 'target_session_attrs') { $source{target_session_attrs} = $value =~ /\A(?:any|read-write|primary|standby|prefer-standby|read-only)\z/ ? $value : problem('target_session_attrs of the URL is none that libpq knows') }
    elsif ($key eq 'sslrootcert' && $value eq 'system') { $source{sslrootcert} = 'system' }
    elsif ($key eq 'sslrootcert') { problem('sslrootcert of the URL is a file that is not here: give the certificate on standard input, after the line of the URL') }
    else { problem("parameter $key of the URL is not known here; leave it out") }
  }
  $source{ports} = $given{ports} if $given{ports};
}

# Nothing of a value may begin another line of a file of libpq, nor vanish at the end of one.
sub check {
  @source{qw(host port)} = (join(',', @{ $source{hosts} // [] }), join(',', @{ $source{ports} // [] })) unless defined $source{host};
  problem('the source has no host') if $source{host} !~ /[^,]/;
  problem($unquoted) if $source{host} =~ m{[^A-Za-z0-9._:,-]};
  problem('the port of the source is no number of 1 to 65535') if grep { !/\A[1-9][0-9]{0,4}\z/ || $_ > 65535 } split(/,/, $source{port}, -1);
  for (['user', 'user'], ['dbname', 'database']) {
    my ($key, $name) = @$_;
    problem("the source has no $name") if $source{$key} eq '';
    problem("the $name of the source holds a control character, or a blank at an end") if $source{$key} =~ /[\x00-\x1f\x7f]|\A\s|\s\z/;
  }
  problem("the sslmode of the source must be disable, allow, prefer, require, verify-ca or verify-full") unless $sslmodes{ $source{sslmode} };
  problem('the password of the source holds a line break, a carriage return or a NUL') if ($password // '') =~ /[\r\n\x00]/;
  problem('what follows the URL is no certificate in PEM') if defined $authority && $authority !~ /-----BEGIN CERTIFICATE-----/;
  problem("sslmode $source{sslmode} needs the authority's certificate: bootstrap.fromDatabase.ca, or after the line of the URL") if $source{sslmode} =~ /^verify/ && !defined $authority && !$source{sslrootcert};
}

sub put {
  my ($file, $text) = @_;
  open my $out, '>:raw', "$folder/$file" or die "$folder/$file cannot be written: $!\n";
  chmod 0600, $out;
  print $out $text;
  close $out or die "$folder/$file cannot be written: $!\n";
}

my $text = given();
if ($text eq '' && ($ENV{IMPORT_HOST} // '') ne '') { from_files() } else { from_url($text) }
check() unless @problems && !defined $source{user};
if (@problems) { print STDERR map { "$_\n" } @problems; exit 64 }
delete @source{qw(hosts ports)};
$source{passfile} = "$folder/passfile";
if (defined $authority) { $source{sslrootcert} = "$folder/ca.crt"; put('ca.crt', $authority) }
elsif (!$source{sslrootcert}) { $source{sslrootcert} = "$folder/no-ca.crt" }
# Whoever cannot prove who it is gets no password in clear.
$source{require_auth} = $ENV{IMPORT_PASSFILE_AUTH} if $ENV{IMPORT_PASSFILE_AUTH} && $source{sslmode} ne 'verify-full';
# No file of the pod's user, as none is there: a client certificate, a file of revoked ones.
@source{qw(sslcert sslkey sslcrl)} = map { "$folder/no-$_" } qw(cert key crl);
$password =~ s/([\\:])/\\$1/g;
put('passfile', "*:*:*:*:$password\n");
put('pg_service.conf', join '', "[source]\n", map { "$_=$source{$_}\n" } sort keys %source);
