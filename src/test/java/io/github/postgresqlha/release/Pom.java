package io.github.postgresqlha.release;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads a pom. */
final class Pom {

    private Pom() {}

    /** Names of what stands directly below the project. */
    static List<String> elements(String pom) {
        return elements(project(pom).getChildNodes()).stream()
                .map(Element::getTagName)
                .toList();
    }

    /** The scope of each artifact. */
    static Map<String, String> dependencies(String pom) {
        return elements(project(pom).getElementsByTagName("dependency")).stream()
                .collect(Collectors.toMap(
                        dependency -> text(dependency, "artifactId"), dependency -> text(dependency, "scope")));
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }

    private static Element project(String pom) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(pom)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException broken) {
            throw new IllegalArgumentException("no pom", broken);
        }
    }
}
