#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# seal_service.pl ESL CERT KEY: a seal service as agencies have them, for tests.  Takes the
# request of a cmd:ses: key and answers with a whole SES_Signature of GB/T 38540-2020, put
# together here and signed by openssl.
use strict;
use warnings;
use File::Temp;
use POSIX qw(strftime);

my ($esl, $cert, $key) = @ARGV;
binmode STDIN;
binmode STDOUT;
my $line = <STDIN>;
my ($path) = $line =~ /"path":"([^"]+)"/ or die "no path in: $line";
read(STDIN, my $hash, 32) == 32 or die "no digest";

sub der
{
    my ($tag, $bytes) = @_;
    my $n = length $bytes;
    my $len = $n < 128 ? chr $n : $n < 256 ? "\x81" . chr $n : $n < 65536 ? "\x82" . pack('n', $n) : "\x83" . substr pack('N', $n), 1;
    return chr($tag) . $len . $bytes;
}

sub slurp
{
    my ($command) = @_;
    local $/;
    open my $f, '-|:raw', @$command or die "@$command: $!";
    my $bytes = <$f>;
    close $f or die "@$command failed";
    return $bytes;
}

my $tbs = der(0x30, der(0x02, "\x04") . slurp(['cat', $esl]) . der(0x18, strftime('%Y%m%d%H%M%SZ', gmtime)) .
    der(0x03, "\0$hash") . der(0x16, $path));
my $file = File::Temp->new;
binmode $file;
print $file $tbs;
close $file;
my $value = slurp(['openssl', 'pkeyutl', '-sign', '-inkey', $key, '-rawin', '-digest', 'sm3',
    '-pkeyopt', 'distid:1234567812345678', '-in', "$file"]);
print der(0x30, $tbs . der(0x04, slurp(['openssl', 'x509', '-in', $cert, '-outform', 'DER'])) .
    der(0x06, "\x2a\x81\x1c\xcf\x55\x01\x83\x75") . der(0x03, "\0$value"));
