/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second opinion on what ecert writes, made of the JDK and Debian's Bouncy Castle
 * and of nothing of ours:
 *
 *   Verify [--root CERT]... FILE.ofd...           seals and signatures of packages
 *   Verify [--root CERT]... --seal FILE.esl...    seals alone
 *   Verify [--root CERT]... --detached SIG FILE   SM2 CMS over any file
 *
 * One line a check, "ok" or "FAILED"; exit 1 when one failed, 2 when it could not look.
 */
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.util.io.pem.PemReader;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

public final class Verify {
    private static final String OFD = "http://www.ofdspec.org/2016";
    private static final String SM2_WITH_SM3 = "1.2.156.10197.1.501";
    private static final String SM2_SIGN = "1.2.156.10197.1.301.1";
    private static final String SM3 = "1.2.156.10197.1.401";
    private static final String GB_DATA = "1.2.156.10197.6.1.4.2.1";
    private static final String GB_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2";
    private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
    private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    private static final String SIGNING_TIME = "1.2.840.113549.1.9.5";
    private static final String DIGESTS = "2.25.29353619050806531945260022755333030025";
    private static final byte[] ID = "1234567812345678".getBytes(StandardCharsets.US_ASCII);

    private static final List<X509CertificateHolder> roots = new ArrayList<>();
    private static String about = "";
    private static boolean failed;

    private static boolean check(String what, boolean good) {
        System.out.println((good ? "ok      " : "FAILED  ") + about + what);
        failed |= !good;
        return good;
    }

    private static byte[] sm3(byte[] bytes) {
        SM3Digest digest = new SM3Digest();
        byte[] out = new byte[32];

        digest.update(bytes, 0, bytes.length);
        digest.doFinal(out, 0);
        return out;
    }

    private static boolean sm2(X509CertificateHolder cert, byte[] message, byte[] value) {
        try {
            SM2Signer signer = new SM2Signer();

            signer.init(false, new ParametersWithID(
                PublicKeyFactory.createKey(cert.getSubjectPublicKeyInfo()), ID));
            signer.update(message, 0, message.length);
            return signer.verifySignature(value);
        } catch (Exception e) {
            return false;
        }
    }

    private static byte[] der(ASN1Encodable value) throws Exception {
        return value.toASN1Primitive().getEncoded("DER");
    }

    private static ASN1Sequence sequence(byte[] bytes, String what) throws Exception {
        ASN1Primitive value = ASN1Primitive.fromByteArray(bytes);

        check(what + " is DER", Arrays.equals(der(value), bytes));
        return ASN1Sequence.getInstance(value);
    }

    private static byte[] octets(ASN1Encodable value) {
        return ASN1OctetString.getInstance(value).getOctets();
    }

    private static byte[] bits(ASN1Encodable value) {
        return ASN1BitString.getInstance(value).getOctets();
    }

    private static int number(ASN1Encodable value) {
        return ASN1Integer.getInstance(value).intValueExact();
    }

    private static String oid(ASN1Encodable value) {
        return ASN1ObjectIdentifier.getInstance(value).getId();
    }

    private static String text(ASN1Encodable value) {
        return ASN1IA5String.getInstance(value).getString();
    }

    private static Date time(ASN1Encodable value) throws Exception {
        return value instanceof ASN1UTCTime ? ((ASN1UTCTime) value).getDate()
                                            : ASN1GeneralizedTime.getInstance(value).getDate();
    }

    private static boolean within(Date t, Date from, Date until) {
        return !t.before(from) && !t.after(until);
    }

    /* GB/T 20518: a signer's certificate may sign, is no CA's, and comes from the root. */
    private static void checkCert(String whose, X509CertificateHolder cert, Date at)
        throws Exception {
        KeyUsage usage = KeyUsage.fromExtensions(cert.getExtensions());

        check(whose + " may sign", usage != null && usage.hasUsages(KeyUsage.digitalSignature));
        check(whose + " is valid at that time",
            within(at, cert.getNotBefore(), cert.getNotAfter()));
        if (!roots.isEmpty())
            check(whose + "'s certificate is signed by a root", isIssued(cert));
    }

    private static boolean isIssued(X509CertificateHolder cert) throws Exception {
        for (X509CertificateHolder root : roots) {
            if (cert.getIssuer().equals(root.getSubject())
                && cert.getSignatureAlgorithm().getAlgorithm().getId().equals(SM2_WITH_SM3)
                && sm2(root, der(cert.toASN1Structure().getTBSCertificate()), cert.getSignature()))
                return true;
        }
        return false;
    }

    /* A root signed itself and is a CA's. */
    private static void addRoot(String path) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of(path));
        X509CertificateHolder root = new X509CertificateHolder(
            bytes[0] == '-' ? new PemReader(new StringReader(new String(bytes,
                StandardCharsets.US_ASCII))).readPemObject().getContent() : bytes);

        roots.add(root);
        check(path + " is signed by itself", isIssued(root));
        check(path + " is a CA's", BasicConstraints.fromExtensions(root.getExtensions()).isCA()
            && KeyUsage.fromExtensions(root.getExtensions()).hasUsages(KeyUsage.keyCertSign));
    }

    /* A seal of GB/T 38540-2020 (4) or GM/T 0031-2025 (5), and whether it lists the signer. */
    private static void checkSeal(byte[] bytes, X509CertificateHolder signer, Date at)
        throws Exception {
        ASN1Sequence seal = sequence(bytes, "seal");
        ASN1Sequence info = ASN1Sequence.getInstance(seal.getObjectAt(0));
        ASN1Sequence header = ASN1Sequence.getInstance(info.getObjectAt(0));
        ASN1Sequence property = ASN1Sequence.getInstance(info.getObjectAt(2));
        ASN1Sequence picture = ASN1Sequence.getInstance(info.getObjectAt(3));
        X509CertificateHolder maker = new X509CertificateHolder(octets(seal.getObjectAt(1)));
        int version = number(header.getObjectAt(1));
        byte[] image = octets(picture.getObjectAt(1));

        check("seal header", text(header.getObjectAt(0)).equals("ES"));
        check("seal layout " + version, version == 4 || version == 5);
        check("seal has four items", seal.size() == 4);
        check("seal is signed with SM2", oid(seal.getObjectAt(2)).equals(SM2_WITH_SM3));
        check("seal maker's value over the seal's information",
            sm2(maker, der(info), bits(seal.getObjectAt(3))));
        check("seal picture is PNG", text(picture.getObjectAt(0)).equalsIgnoreCase("PNG")
            && image.length > 8 && image[0] == (byte) 0x89 && image[1] == 'P');
        check("seal size is given",
            number(picture.getObjectAt(2)) > 0 && number(picture.getObjectAt(3)) > 0);
        checkCert("seal maker", maker, at == null ? time(property.getObjectAt(4)) : at);
        if (signer == null)
            return;
        check("seal is valid at signing time",
            within(at, time(property.getObjectAt(5)), time(property.getObjectAt(6))));
        check("seal lists the signer", lists(property, signer));
    }

    private static boolean lists(ASN1Sequence property, X509CertificateHolder signer)
        throws Exception {
        boolean whole = number(property.getObjectAt(2)) == 1;
        boolean found = false;

        for (ASN1Encodable item : ASN1Sequence.getInstance(property.getObjectAt(3))) {
            if (whole) {
                found |= Arrays.equals(octets(item), signer.getEncoded());
            } else {
                ASN1Sequence pair = ASN1Sequence.getInstance(item);

                found |= ASN1PrintableString.getInstance(pair.getObjectAt(0)).getString().equals(SM3)
                    && Arrays.equals(octets(pair.getObjectAt(1)), sm3(signer.getEncoded()));
            }
        }
        return found;
    }

    /* A package as it lies in the file. */
    private static final class Pack {
        final Map<String, byte[]> parts = new LinkedHashMap<>();

        Pack(Path path) throws Exception {
            try (ZipFile zip = new ZipFile(path.toFile(), StandardCharsets.UTF_8)) {
                for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
                    ZipEntry entry = all.nextElement();

                    check("no two parts are called " + entry.getName(),
                        parts.put(entry.getName(),
                            zip.getInputStream(entry).readAllBytes()) == null);
                }
            }
        }

        byte[] at(String loc) {
            byte[] bytes = parts.get(loc.substring(1));

            if (!loc.startsWith("/") || bytes == null)
                throw new IllegalStateException("no part " + loc);
            return bytes;
        }
    }

    private static Element xml(byte[] bytes) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();

        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        return document.getDocumentElement();
    }

    private static List<Element> all(Element in, String name) {
        List<Element> found = new ArrayList<>();

        for (Node n = in.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element && OFD.equals(n.getNamespaceURI())
                && name.equals(n.getLocalName()))
                found.add((Element) n);
        }
        return found;
    }

    private static Element one(Element in, String... path) {
        for (String name : path) {
            List<Element> found = all(in, name);

            if (found.size() != 1)
                throw new IllegalStateException(found.size() + " elements " + name);
            in = found.get(0);
        }
        return in;
    }

    /* The digest list stands in the value, so that single fields can be proved later. */
    private static void checkDigests(Pack pack, ASN1Encodable value) {
        byte[] list = pack.parts.get("Doc_0/Attachs/digests.json");

        check("extension is the SM3 of digests.json",
            list != null && value != null && Arrays.equals(octets(value), sm3(list)));
    }

    /* SES_Signature over Signature.xml. */
    private static void checkSealValue(Pack pack, String loc, byte[] value, byte[] sealFile)
        throws Exception {
        ASN1Sequence top = sequence(value, "SES_Signature");
        ASN1Sequence tbs = ASN1Sequence.getInstance(top.getObjectAt(0));
        ASN1Sequence seal = ASN1Sequence.getInstance(tbs.getObjectAt(1));
        ASN1Sequence info = ASN1Sequence.getInstance(seal.getObjectAt(0));
        X509CertificateHolder signer = new X509CertificateHolder(octets(top.getObjectAt(1)));
        Date at = time(tbs.getObjectAt(2));

        check("four items, no timestamp", top.size() == 4);
        check("version is the seal's", number(tbs.getObjectAt(0))
            == number(ASN1Sequence.getInstance(info.getObjectAt(0)).getObjectAt(1)));
        check("signed with SM2", oid(top.getObjectAt(2)).equals(SM2_WITH_SM3));
        check("dataHash is the SM3 of Signature.xml",
            Arrays.equals(bits(tbs.getObjectAt(3)), sm3(pack.at(loc))));
        check("propertyInfo names Signature.xml", text(tbs.getObjectAt(4)).equals(loc));
        check("signer's value over toSign", sm2(signer, der(tbs), bits(top.getObjectAt(3))));
        check("Seal.esl is the seal in the value", Arrays.equals(sealFile, der(seal)));
        checkCert("signer", signer, at);
        checkSeal(der(seal), signer, at);
        if (tbs.size() > 5) {
            ASN1Sequence extensions = ASN1Sequence.getInstance(
                ASN1TaggedObject.getInstance(tbs.getObjectAt(5)).getExplicitBaseObject());
            ASN1Sequence extension = ASN1Sequence.getInstance(extensions.getObjectAt(0));

            check("one extension, not critical", extensions.size() == 1 && extension.size() == 2
                && oid(extension.getObjectAt(0)).equals(DIGESTS));
            checkDigests(pack, extension.getObjectAt(1));
        } else {
            checkDigests(pack, null);
        }
    }

    private static ASN1Encodable attribute(ASN1Set attributes, String wanted) {
        for (ASN1Encodable item : attributes) {
            ASN1Sequence attribute = ASN1Sequence.getInstance(item);

            if (oid(attribute.getObjectAt(0)).equals(wanted)) {
                ASN1Set values = ASN1Set.getInstance(attribute.getObjectAt(1));

                return values.size() == 1 ? values.getObjectAt(0) : null;
            }
        }
        return null;
    }

    /* GB/T 35275 SignedData with authenticated attributes and no content. */
    private static void checkSignedData(Pack pack, String loc, byte[] value) throws Exception {
        ASN1Sequence top = sequence(value, "SignedData");
        ASN1Sequence data = ASN1Sequence.getInstance(
            ASN1TaggedObject.getInstance(top.getObjectAt(1)).getExplicitBaseObject());
        ASN1Sequence content = ASN1Sequence.getInstance(data.getObjectAt(2));
        ASN1Set certs = ASN1Set.getInstance(
            ASN1TaggedObject.getInstance(data.getObjectAt(3)), false);
        ASN1Set infos = ASN1Set.getInstance(data.getObjectAt(4));
        ASN1Sequence info = ASN1Sequence.getInstance(infos.getObjectAt(0));
        ASN1Sequence who = ASN1Sequence.getInstance(info.getObjectAt(1));
        ASN1Set attributes = ASN1Set.getInstance(
            ASN1TaggedObject.getInstance(info.getObjectAt(3)), false);
        X509CertificateHolder signer = find(certs, who);
        ASN1Encodable type = attribute(attributes, CONTENT_TYPE);
        ASN1Encodable digest = attribute(attributes, MESSAGE_DIGEST);
        ASN1Encodable when = attribute(attributes, SIGNING_TIME);

        check("type is signedData of GB/T 35275", oid(top.getObjectAt(0)).equals(GB_SIGNED_DATA));
        check("versions are 1", number(data.getObjectAt(0)) == 1 && number(info.getObjectAt(0)) == 1);
        check("content is absent", content.size() == 1 && oid(content.getObjectAt(0)).equals(GB_DATA));
        check("one signer", infos.size() == 1);
        check("digested with SM3, signed with SM2",
            oid(ASN1Sequence.getInstance(info.getObjectAt(2)).getObjectAt(0)).equals(SM3)
                && oid(ASN1Sequence.getInstance(info.getObjectAt(4)).getObjectAt(0))
                       .equals(SM2_SIGN));
        check("content type attribute", type != null && oid(type).equals(GB_DATA));
        check("message digest is the SM3 of Signature.xml",
            digest != null && Arrays.equals(octets(digest), sm3(pack.at(loc))));
        checkDigests(pack, attribute(attributes, DIGESTS));
        if (!check("signer's certificate is there", signer != null)
            || !check("signing time is there", when != null))
            return;
        check("signer's value over the attributes",
            sm2(signer, der(attributes), octets(info.getObjectAt(5))));
        checkCert("signer", signer, time(when));
    }

    private static X509CertificateHolder find(ASN1Set certs, ASN1Sequence who) throws Exception {
        X500Name issuer = X500Name.getInstance(who.getObjectAt(0));
        BigInteger serial = ASN1Integer.getInstance(who.getObjectAt(1)).getValue();

        for (ASN1Encodable item : certs) {
            X509CertificateHolder cert = new X509CertificateHolder(der(item));

            if (cert.getIssuer().equals(issuer) && cert.getSerialNumber().equals(serial))
                return cert;
        }
        return null;
    }

    /* Returns what the signature covers. */
    private static Set<String> checkSignature(Pack pack, Element entry) throws Exception {
        String loc = entry.getAttribute("BaseLoc");
        Element signature = xml(pack.at(loc));
        Element references = one(signature, "SignedInfo", "References");
        byte[] value = pack.at(one(signature, "SignedValue").getTextContent());
        Set<String> covered = new LinkedHashSet<>();

        check("digests are SM3", references.getAttribute("CheckMethod").equals(SM3));
        for (Element reference : all(references, "Reference")) {
            String file = reference.getAttribute("FileRef");
            byte[] wanted = Base64.getDecoder().decode(
                one(reference, "CheckValue").getTextContent());

            check("digest of " + file, Arrays.equals(wanted, sm3(pack.at(file))));
            check(file + " is named once", covered.add(file.substring(1)));
        }
        if (entry.getAttribute("Type").equals("Seal"))
            checkSealValue(pack, loc, value, pack.at(
                one(signature, "SignedInfo", "Seal", "BaseLoc").getTextContent()));
        else
            checkSignedData(pack, loc, value);
        return covered;
    }

    private static void checkPackage(Path path) throws Exception {
        about = path.getFileName() + ": ";
        Pack pack = new Pack(path);
        Element body = one(xml(pack.at("/OFD.xml")), "DocBody");
        String list = one(body, "Signatures").getTextContent();
        List<Element> entries = all(xml(pack.at(list)), "Signature");
        Set<String> left = new LinkedHashSet<>(pack.parts.keySet());
        String own = "";

        check("it is signed", !entries.isEmpty());
        for (Element entry : entries) {
            about = path.getFileName() + ": " + entry.getAttribute("ID") + ": ";
            left.removeAll(checkSignature(pack, entry));
            own = entry.getAttribute("BaseLoc").substring(1);
        }
        about = path.getFileName() + ": ";
        left.remove(list.substring(1));
        left.remove(own);
        left.remove(own.replace("Signature.xml", "SignedValue.dat"));
        check("every part is covered" + (left.isEmpty() ? "" : ", but not " + left),
            left.isEmpty());
    }

    /* RFC 5652, wholly in the hands of Bouncy Castle. */
    private static void checkDetached(Path sig, Path file) throws Exception {
        about = sig.getFileName() + ": ";
        CMSSignedData data = new CMSSignedData(
            new CMSProcessableByteArray(Files.readAllBytes(file)), Files.readAllBytes(sig));

        check("one signer", data.getSignerInfos().size() == 1);
        for (SignerInformation info : data.getSignerInfos()) {
            X509CertificateHolder cert = null;
            boolean good;

            for (X509CertificateHolder one : data.getCertificates().getMatches(null)) {
                if (one.getIssuer().equals(info.getSID().getIssuer())
                    && one.getSerialNumber().equals(info.getSID().getSerialNumber()))
                    cert = one;
            }
            if (!check("signer's certificate is there", cert != null))
                return;
            try {
                good = info.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC")
                                       .build(cert));
            } catch (CMSException e) {
                good = false; /* the message digest differs */
            }
            check("signer's value and the file's digest", good);
            checkCert("signer", cert, time(info.getSignedAttributes()
                .get(new ASN1ObjectIdentifier(SIGNING_TIME)).getAttrValues().getObjectAt(0)));
        }
    }

    public static void main(String[] args) throws Exception {
        List<String> files = new ArrayList<>(Arrays.asList(args));

        Security.addProvider(new BouncyCastleProvider());
        while (files.size() > 1 && files.get(0).equals("--root")) {
            addRoot(files.get(1));
            files = files.subList(2, files.size());
        }
        String mode = !files.isEmpty() && files.get(0).startsWith("--") ? files.remove(0) : "";
        if (files.isEmpty()) {
            System.err.println("usage: Verify [--root CERT]... [--seal|--detached] FILE...");
            System.exit(2);
        }
        try {
            if (mode.equals("--detached"))
                checkDetached(Path.of(files.get(0)), Path.of(files.get(1)));
            else
                for (String file : files) {
                    about = Path.of(file).getFileName() + ": ";
                    if (mode.equals("--seal"))
                        checkSeal(Files.readAllBytes(Path.of(file)), null, null);
                    else
                        checkPackage(Path.of(file));
                }
        } catch (Exception e) {
            check("it can be read: " + e, false);
        }
        System.exit(failed ? 1 : 0);
    }
}
